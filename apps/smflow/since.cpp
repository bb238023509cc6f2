#include "since.hpp"

#include <charconv>

#include <smflow/base/timestamp.hpp>

namespace smflow::cli {

namespace {

std::optional<std::chrono::seconds> unit_of(char letter) {
  switch (letter) {
    case 's':
      return std::chrono::seconds(1);
    case 'm':
      return std::chrono::minutes(1);
    case 'h':
      return std::chrono::hours(1);
    case 'd':
      return std::chrono::hours(24);
    default:
      return std::nullopt;
  }
}

}  // namespace

std::optional<std::chrono::seconds> parse_duration(std::string_view text) {
  if (text.empty()) return std::nullopt;
  const auto unit = unit_of(text.back());
  std::uint32_t count = 0;
  const char* end = text.data() + text.size() - 1;
  const auto [stopped, error] = std::from_chars(text.data(), end, count);
  if (!unit || error != std::errc{} || stopped != end) return std::nullopt;
  return *unit * static_cast<std::int64_t>(count);
}

std::optional<WallTime> parse_since(std::string_view text, WallTime now) {
  if (text.empty()) return std::nullopt;
  if (const auto duration = parse_duration(text)) return now - *duration;
  return parse_iso8601(text);
}

}  // namespace smflow::cli
