#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include <smflow/base/clock.hpp>

namespace smflow::cli {

// "90s", "10m", "2h" or "3d"; none for anything else.
std::optional<std::chrono::seconds> parse_duration(std::string_view text);

// "90s", "10m", "2h" or "3d" before `now`, or an ISO 8601 time like 2026-01-31T12:00:00Z; none for anything else.
std::optional<WallTime> parse_since(std::string_view text, WallTime now);

}  // namespace smflow::cli
