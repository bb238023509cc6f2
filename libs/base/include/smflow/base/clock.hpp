#pragma once

#include <chrono>
#include <string>

namespace smflow {

using WallTime = std::chrono::time_point<std::chrono::system_clock, std::chrono::milliseconds>;
using SteadyTime = std::chrono::steady_clock::time_point;

// Time as a seam: tests turn it. Implementations are safe to use from several threads.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual WallTime now() const = 0;
  virtual SteadyTime steady_now() const = 0;
};

class SystemClock : public Clock {
 public:
  WallTime now() const override;
  SteadyTime steady_now() const override;
};

// UTC as "2026-11-23T13:02:45.118Z".
std::string format_utc(WallTime time);
// UTC as "20261123-130245", the form used in job names.
std::string format_compact_utc(WallTime time);
// "3 s", "2 min 05 s", "1 h 04 min".
std::string format_duration(std::chrono::milliseconds duration);

}  // namespace smflow
