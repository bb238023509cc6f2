#pragma once

#include <algorithm>
#include <chrono>

namespace smflow {

// The timeout of a poll() that is to wake at `then`: in whole milliseconds, not before; 0 when that is over. At most an
// hour, whatever the time: who polls looks at the clock again.
inline int poll_timeout(std::chrono::steady_clock::time_point then) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(then - std::chrono::steady_clock::now());
  return static_cast<int>(std::clamp<std::chrono::milliseconds::rep>(left.count(), 0, 3'600'000));
}

}  // namespace smflow
