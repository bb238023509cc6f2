#pragma once

#include <atomic>

#include <smflow/base/clock.hpp>

namespace smflow::test {

// A clock that stands still until a test turns it; both its hands move together.
class FakeClock : public Clock {
 public:
  explicit FakeClock(WallTime start = WallTime{std::chrono::seconds{1705320000}})  // 2024-01-15 12:00:00 UTC
      : now_(start.time_since_epoch().count()) {}

  WallTime now() const override { return WallTime{std::chrono::milliseconds{now_.load()}}; }
  SteadyTime steady_now() const override { return SteadyTime{std::chrono::milliseconds{now_.load()}}; }
  void advance(std::chrono::milliseconds duration) { now_ += duration.count(); }

 private:
  std::atomic<std::chrono::milliseconds::rep> now_;
};

}  // namespace smflow::test
