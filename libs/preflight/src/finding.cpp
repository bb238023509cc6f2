#include "findings.hpp"

namespace smflow::preflight {

const char* to_string(Severity severity) {
  switch (severity) {
    case Severity::passed:
      return "passed";
    case Severity::warning:
      return "warning";
    case Severity::error:
      return "error";
  }
  return "error";
}

Finding passed(const char* check, std::string message) {
  return {.check = check, .report = {.code = "", .exit = ExitCode::success, .message = std::move(message)}};
}

Finding failed(const char* check, Error error, std::string option) {
  return {check, Severity::error, std::move(error), std::move(option)};
}

Finding warned(const char* check, const char* code, std::string message, std::string fix, std::string option) {
  return {check,
          Severity::warning,
          {.code = code, .exit = ExitCode::success, .message = std::move(message), .fix = std::move(fix)},
          std::move(option)};
}

Finding not_checked(const char* check, const aws::AwsError& error, const char* permission) {
  const std::string what = std::string(check) + " not checked: ";
  if (error.kind == aws::AwsError::Kind::access_denied) {
    return warned(check, "E200", what + "you are not allowed " + permission,
                  std::string("ask for the permission ") + permission + ", which only reads; or look yourself");
  }
  if (error.kind == aws::AwsError::Kind::cancelled) {
    return warned(check, "E201", what + "no answer in time from " + error.service,
                  "check the way to the network, or look yourself");
  }
  const Error text = aws::as_error(error);
  return warned(check, "E201", what + text.message, text.fix);
}

}  // namespace smflow::preflight
