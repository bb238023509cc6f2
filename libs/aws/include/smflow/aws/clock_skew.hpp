#pragma once

#include <atomic>
#include <chrono>

#include <smflow/base/clock.hpp>
#include <smflow/http/transport.hpp>

namespace smflow::aws {

// How far this machine's clock is from the service's, learnt from the Date of each answer. Safe to use from several
// threads.
class ClockSkew {
 public:
  // Ignored: an answer without Date, one from a cache (Age), one that took longer than 15 minutes.
  void learn(const http::Response& response, WallTime sent, WallTime received);
  // To add to the local time. Positive: the local clock is behind.
  std::chrono::milliseconds offset() const { return std::chrono::milliseconds{offset_.load()}; }

 private:
  std::atomic<std::chrono::milliseconds::rep> offset_{0};
};

}  // namespace smflow::aws
