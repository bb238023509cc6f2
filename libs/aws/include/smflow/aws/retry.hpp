#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>

#include <smflow/base/random.hpp>

namespace smflow::aws {

// Waits, and returns early when `cancel` is asked for.
using Sleep = std::function<void(std::chrono::milliseconds, std::stop_token cancel)>;
void sleep_for(std::chrono::milliseconds duration, std::stop_token cancel);

enum class RetryReason { transient, throttled };

// The standard retry mode of the AWS SDKs in its form of 2026: rand(0,1) * min(base * 2^n, 20 s), base 50 ms or, when
// throttled, 1 s; a server's hint (x-amz-retry-after) raises the delay by at most 5 s.
std::chrono::milliseconds retry_delay(int retry, RetryReason reason, std::optional<std::chrono::milliseconds> hint,
                                      RandomSource& random);

// The tokens that all calls of a client share, so that a service that is down is not asked by every call again and
// again: 500, a retry costs 14 or, when throttled, 5; a success gives back what its last retry cost, or 1. Safe to use
// from several threads.
class RetryQuota {
 public:
  static int cost(RetryReason reason);
  // False when too few are left; then nothing is taken.
  bool take(RetryReason reason);
  void give_back(std::optional<RetryReason> last_retry);

 private:
  static constexpr int all = 500;
  std::mutex mutex_;
  int left_ = all;
};

}  // namespace smflow::aws
