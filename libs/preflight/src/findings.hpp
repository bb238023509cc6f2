#pragma once

#include <smflow/aws/error.hpp>
#include <smflow/preflight/finding.hpp>

namespace smflow::preflight {

Finding passed(const char* check, std::string message);
Finding failed(const char* check, Error error, std::string option = {});
Finding warned(const char* check, const char* code, std::string message, std::string fix, std::string option = {});

// A question that AWS did not answer: E200 when it is not allowed, naming the permission, else E201.
Finding not_checked(const char* check, const aws::AwsError& error, const char* permission);

}  // namespace smflow::preflight
