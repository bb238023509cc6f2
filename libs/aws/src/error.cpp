#include <smflow/aws/error.hpp>
#include <smflow/base/redact.hpp>
#include <smflow/base/text.hpp>

namespace smflow::aws {

namespace {

struct Form {
  const char* code;
  ExitCode exit;
  const char* fix;
};

Form form_of(AwsError::Kind kind) {
  using Kind = AwsError::Kind;
  switch (kind) {
    case Kind::credentials:
      return {"E400", ExitCode::permission, "sign in: aws configure, or aws sso login"};
    case Kind::access_denied:
      return {"E420", ExitCode::permission, "ask for the permission, or use another profile with AWS_PROFILE"};
    case Kind::rejected:
      return {"E421", ExitCode::permission, "sign in again, or correct the keys of the profile"};
    case Kind::clock_skew:
      return {"E422", ExitCode::machine, "set this machine's clock"};
    case Kind::throttled:
      return {"E423", ExitCode::service, "wait, and ask less often"};
    case Kind::quota:
      return {"E424", ExitCode::service, "ask for more with AWS Service Quotas, or use less"};
    case Kind::not_found:
      return {"E425", ExitCode::not_found, "check the name and the region"};
    case Kind::conflict:
      return {"E426", ExitCode::conflict, "choose another name"};
    case Kind::invalid:
      return {"E427", ExitCode::configuration, "correct what the message names"};
    case Kind::service:
      return {"E428", ExitCode::service, "try again later"};
    case Kind::network:
      return {"E429", ExitCode::service, "check the network, the proxy and the region"};
    case Kind::answer:
      return {"E430", ExitCode::service, "try again; check that the endpoint is one of AWS"};
    case Kind::redirect:
      return {"E431", ExitCode::service, "check the region and the endpoint"};
    case Kind::cancelled:
      return {"E432", ExitCode::interrupted, ""};
    case Kind::local:
      return {"E433", ExitCode::machine, "correct what the message names"};
  }
  return {"E999", ExitCode::bug, ""};
}

std::string sentence(const AwsError& error) {
  std::string text = error.service + " " + error.operation + " failed: ";
  if (!error.code.empty()) text += error.code + ": ";
  text += error.message.empty() ? "no reason was given" : error.message;
  std::string details;
  if (error.status != 0) details = "HTTP " + std::to_string(error.status);
  if (!error.request_id.empty()) details += (details.empty() ? "" : ", ") + ("request id " + error.request_id);
  if (error.attempts > 1) details += (details.empty() ? "" : ", ") + (std::to_string(error.attempts) + " attempts");
  if (!details.empty()) text += " (" + details + ")";
  return redact(printable(text));
}

}  // namespace

Error as_error(const AwsError& error) {
  if (error.cause && (error.kind == AwsError::Kind::credentials || error.kind == AwsError::Kind::local)) {
    return *error.cause;
  }
  const Form form = form_of(error.kind);
  return {.code = form.code, .exit = form.exit, .message = sentence(error), .fix = form.fix};
}

}  // namespace smflow::aws
