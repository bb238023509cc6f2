#include <algorithm>
#include <condition_variable>

#include <smflow/aws/retry.hpp>

namespace smflow::aws {

void sleep_for(std::chrono::milliseconds duration, std::stop_token cancel) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  never.wait_for(lock, cancel, duration, [] { return false; });
}

std::chrono::milliseconds retry_delay(int retry, RetryReason reason, std::optional<std::chrono::milliseconds> hint,
                                      RandomSource& random) {
  using std::chrono::milliseconds;
  constexpr milliseconds longest{20'000};
  constexpr milliseconds longest_raise{5'000};
  const milliseconds base{reason == RetryReason::throttled ? 1000 : 50};
  const milliseconds ceiling = std::min(base * (1 << std::min(retry, 15)), longest);
  const double share = static_cast<double>(random.next() >> 11) / static_cast<double>(1ull << 53);
  const milliseconds delay{static_cast<milliseconds::rep>(share * static_cast<double>(ceiling.count()))};
  return hint ? std::clamp(*hint, delay, delay + longest_raise) : delay;
}

int RetryQuota::cost(RetryReason reason) {
  return reason == RetryReason::throttled ? 5 : 14;
}

bool RetryQuota::take(RetryReason reason) {
  const std::lock_guard lock(mutex_);
  if (left_ < cost(reason)) return false;
  left_ -= cost(reason);
  return true;
}

void RetryQuota::give_back(std::optional<RetryReason> last_retry) {
  const std::lock_guard lock(mutex_);
  left_ = std::min(all, left_ + (last_retry ? cost(*last_retry) : 1));
}

}  // namespace smflow::aws
