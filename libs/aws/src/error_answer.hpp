#pragma once

#include <string>

#include <smflow/aws/error.hpp>
#include <smflow/http/transport.hpp>

namespace smflow::aws {

// What an answer other than 2xx says, in whichever protocol: JSON 1.1, REST-JSON, query-XML or REST-XML.
struct ErrorAnswer {
  std::string code = {};
  std::string message = {};
  std::string request_id = {};
  std::string region = {};  // S3: where the bucket is
};
ErrorAnswer read_error_answer(const http::Response& response);

std::string request_id_of(const http::Response& response);

// By code, then by status.
AwsError::Kind kind_of(const std::string& code, int status);

// What the client may do about an error, beside reporting it.
enum class Remedy { none, retry, slow_down, refresh_credentials, correct_clock, correct_clock_if_wrong };
Remedy remedy_for(const std::string& code, int status);

}  // namespace smflow::aws
