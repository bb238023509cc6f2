#pragma once

#include <optional>
#include <string_view>

#include <smflow/base/clock.hpp>

namespace smflow {

// "2025-01-02T03:04:05Z", with or without a fraction, 'Z', "UTC" or an offset "+01:00"; none for anything else.
std::optional<WallTime> parse_iso8601(std::string_view text);

// "Mon, 15 Jan 2024 12:00:00 GMT" (RFC 9110, IMF-fixdate), the form of the header Date; none for anything else.
std::optional<WallTime> parse_http_date(std::string_view text);

}  // namespace smflow
