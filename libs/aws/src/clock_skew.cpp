#include <smflow/aws/clock_skew.hpp>
#include <smflow/aws/timestamp.hpp>

namespace smflow::aws {

void ClockSkew::learn(const http::Response& response, WallTime sent, WallTime received) {
  const auto date = http::find_header(response.headers, "date");
  if (!date || http::find_header(response.headers, "age") || received - sent > std::chrono::minutes{15}) return;
  const auto server = parse_http_date(*date);
  if (!server) return;
  offset_ = (*server - (sent + (received - sent) / 2)).count();
}

}  // namespace smflow::aws
