#include <gtest/gtest.h>

#include <smflow/base/clock.hpp>

namespace smflow {
namespace {

using namespace std::chrono_literals;

WallTime at(std::int64_t milliseconds) {
  return WallTime(std::chrono::milliseconds(milliseconds));
}

TEST(FormatUtc, IsIsoWithMilliseconds) {
  EXPECT_EQ(format_utc(at(0)), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(format_utc(at(1'795'438'965'118)), "2026-11-23T13:02:45.118Z");
  EXPECT_EQ(format_utc(at(951'782'400'000)), "2000-02-29T00:00:00.000Z");
  EXPECT_EQ(format_utc(at(-1)), "1969-12-31T23:59:59.999Z");
}

TEST(FormatCompactUtc, IsTheFormOfJobNames) {
  EXPECT_EQ(format_compact_utc(at(1'795'438'965'118)), "20261123-130245");
}

TEST(FormatDuration, RoundsToWhatAPersonWantsToKnow) {
  EXPECT_EQ(format_duration(0ms), "0.0 s");
  EXPECT_EQ(format_duration(1234ms), "1.2 s");
  EXPECT_EQ(format_duration(10s), "10 s");
  EXPECT_EQ(format_duration(59'400ms), "59 s");
  EXPECT_EQ(format_duration(59'600ms), "1 min 00 s");
  EXPECT_EQ(format_duration(125s), "2 min 05 s");
  EXPECT_EQ(format_duration(3599s), "59 min 59 s");
  EXPECT_EQ(format_duration(3840s), "1 h 04 min");
  EXPECT_EQ(format_duration(100h), "100 h 00 min");
}

TEST(SystemClock, Advances) {
  const SystemClock clock;
  const SteadyTime before = clock.steady_now();
  EXPECT_LE(before, clock.steady_now());
  EXPECT_GT(clock.now(), at(1'700'000'000'000));
}

}  // namespace
}  // namespace smflow
