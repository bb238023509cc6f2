#include "since.hpp"

#include <gtest/gtest.h>

namespace smflow::cli {
namespace {

using namespace std::chrono_literals;

constexpr WallTime now{1'767'225'600'000ms};  // 2026-01-01 00:00:00 UTC

TEST(Since, IsADurationBeforeNow) {
  EXPECT_EQ(parse_since("90s", now), now - 90s);
  EXPECT_EQ(parse_since("10m", now), now - 10min);
  EXPECT_EQ(parse_since("2h", now), now - 2h);
  EXPECT_EQ(parse_since("3d", now), now - 72h);
}

TEST(Since, IsATime) {
  EXPECT_EQ(parse_since("2025-12-31T23:00:00Z", now), now - 1h);
  EXPECT_EQ(parse_since("2026-01-01T01:00:00+01:00", now), now);
}

TEST(Since, IsNothingElse) {
  for (const char* text : {"", "s", "m", "10", "10 m", "-1h", "1.5h", "1w", "yesterday", "99999999999d", "h10"}) {
    EXPECT_FALSE(parse_since(text, now)) << text;
  }
}

TEST(Duration, HasAUnit) {
  EXPECT_EQ(parse_duration("0s"), 0s);
  EXPECT_EQ(parse_duration("90s"), 90s);
  EXPECT_EQ(parse_duration("2h"), 2h);
  for (const char* text : {"", "s", "10", "10 m", "-1h", "1.5h", "1w", "2025-12-31T23:00:00Z"}) {
    EXPECT_FALSE(parse_duration(text)) << text;
  }
}

}  // namespace
}  // namespace smflow::cli
