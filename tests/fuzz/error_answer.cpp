// Any bytes as the answer of a service that refuses, JSON or XML; the first one chooses the status and the headers.
#include "error_answer.hpp"

#include "require.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

#include <smflow/base/text.hpp>

namespace {

using smflow::http::Headers;

Headers headers_for(std::uint8_t choice) {
  static const std::array<Headers, 4> headers = {
      Headers{}, Headers{{"x-amzn-RequestId", "r-1"}, {"Content-Type", "application/x-amz-json-1.1"}},
      Headers{{"x-amzn-ErrorType", "Throttling:http://a/"}, {"x-amz-bucket-region", "eu-west-1"}},
      Headers{{"x-amzn-query-error", "AWS.Simple;Sender"}, {"Content-Type", "text/xml"}}};
  return headers[choice % headers.size()];
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace smflow;
  if (size == 0) return 0;
  static constexpr std::array statuses = {301, 400, 403, 404, 429, 500, 503, 200};
  http::Response response{.status = statuses[data[0] % statuses.size()], .headers = headers_for(data[0] >> 4)};
  response.body.assign(reinterpret_cast<const char*>(data) + 1, size - 1);
  const aws::ErrorAnswer answer = aws::read_error_answer(response);
  const Error error = aws::as_error({.kind = aws::kind_of(answer.code, response.status),
                                     .service = "s3",
                                     .operation = "GetObject",
                                     .code = answer.code,
                                     .message = answer.message,
                                     .request_id = answer.request_id,
                                     .status = response.status,
                                     .attempts = 1});
  (void)aws::remedy_for(answer.code, response.status);
  fuzz::require(!error.code.empty() && !error.message.empty(), "an error says something");
  fuzz::require(is_valid_utf8(error.message), "an error is UTF-8");
  return 0;
}
