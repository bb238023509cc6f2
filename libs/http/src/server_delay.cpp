#include <algorithm>
#include <charconv>
#include <ctime>

#include <curl/curl.h>

#include <smflow/base/text.hpp>
#include <smflow/http/retry.hpp>

namespace smflow::http {

using std::chrono::milliseconds;

namespace {

constexpr milliseconds longest_wish = std::chrono::hours(1);

// `text` in units of `unit`; none when it is no number.
std::optional<milliseconds> number_of(std::string_view text, milliseconds unit) {
  std::uint64_t number = 0;
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  if (read.ec == std::errc::result_out_of_range) return longest_wish;
  if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
  const auto most = static_cast<std::uint64_t>(longest_wish / unit);
  return unit * static_cast<milliseconds::rep>(std::min(number, most));
}

std::optional<milliseconds> until(std::string_view date, WallTime now) {
  const std::time_t seconds = curl_getdate(std::string(date).c_str(), nullptr);
  if (seconds == -1) return std::nullopt;
  const auto then = std::chrono::time_point_cast<milliseconds>(std::chrono::system_clock::from_time_t(seconds));
  return std::clamp<milliseconds>(then - now, milliseconds(0), longest_wish);
}

}  // namespace

std::optional<milliseconds> server_delay_in(const Headers& headers, WallTime now) {
  if (const auto wish = find_header(headers, "x-amz-retry-after")) {
    if (const auto delay = number_of(trim(*wish), milliseconds(1))) return delay;
  }
  const auto wish = find_header(headers, "Retry-After");
  if (!wish) return std::nullopt;
  if (const auto delay = number_of(trim(*wish), milliseconds(1000))) return delay;
  return until(*wish, now);
}

}  // namespace smflow::http
