#pragma once

#include <string>
#include <string_view>

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

// By code, then by status. `service`, an id, decides where services mean different things by one code.
AwsError::Kind kind_of(const std::string& code, int status, std::string_view service = {});

// What the client may do about an error, beside reporting it.
enum class Remedy { none, retry, slow_down, refresh_credentials, correct_clock, correct_clock_if_wrong };
Remedy remedy_for(const std::string& code, int status, std::string_view service = {});

}  // namespace smflow::aws
