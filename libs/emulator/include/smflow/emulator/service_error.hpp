#pragma once

#include <string>

#include <tl/expected.hpp>

#include <smflow/base/json.hpp>

namespace smflow::emulator {

// A refusal as an AWS service with the JSON 1.1 protocol words it: {"__type": code, "message": message}. The codes are
// those of the SageMaker and CloudWatch Logs API references, "Common Errors" included.
struct ServiceError {
  std::string code;
  std::string message;
  int http_status = 400;
};

// What an operation answers: a JSON object, or null for the operations that answer nothing at all.
using Answer = tl::expected<Json, ServiceError>;

// Who asks, as far as an answer depends on it.
struct Caller {
  std::string region = "us-east-1";
};

inline constexpr const char* account_id = "000000000000";

inline ServiceError validation_error(std::string message) {
  return {"ValidationException", std::move(message)};
}

}  // namespace smflow::emulator
