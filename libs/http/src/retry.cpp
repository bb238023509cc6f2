#include <algorithm>
#include <condition_variable>

#include <smflow/http/retry.hpp>

namespace smflow::http {

using std::chrono::milliseconds;

namespace {

// As many idle connections may have died together; more in a row is a fault of its own.
constexpr int at_once_limit = 3;

// Doubling stops at `longest`, before it can overflow.
milliseconds ceiling_of(milliseconds base, int retry, milliseconds longest) {
  for (int i = 1; i < retry && base < longest; ++i) base = base > longest / 2 ? longest : base * 2;
  return std::min(base, longest);
}

double fraction_of(RandomSource& random) {
  return static_cast<double>(random.next() >> 11) * 0x1p-53;
}

}  // namespace

milliseconds retry_delay(const RetryPolicy& policy, const Assessment& assessment, int retry, double fraction) {
  const milliseconds base = assessment.verdict == Verdict::throttled ? policy.throttled_base : policy.transient_base;
  const auto ceiling = static_cast<double>(ceiling_of(base, retry, policy.longest).count());
  const milliseconds delay(static_cast<milliseconds::rep>(ceiling * fraction));
  if (!assessment.server_delay) return delay;
  return std::clamp(*assessment.server_delay, delay, delay + policy.server_extra);
}

bool RetryQuota::take(int tokens) {
  const std::lock_guard lock(mutex_);
  if (left_ < tokens) return false;
  left_ -= tokens;
  return true;
}

void RetryQuota::give_back(int tokens) {
  const std::lock_guard lock(mutex_);
  left_ = std::min(capacity, left_ + tokens);
}

int RetryQuota::left() const {
  const std::lock_guard lock(mutex_);
  return left_;
}

bool sleep_unless_stopped(milliseconds duration, std::stop_token stop) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  never.wait_for(lock, stop, duration, [] { return false; });
  return !stop.stop_requested();
}

bool Retries::another(const Assessment& assessment) {
  if (assessment.verdict == Verdict::ok) {
    tools_.quota.give_back(cost_ == 0 ? 1 : cost_);
    return end_with(RetryEnd::ok);
  }
  if (assessment.verdict == Verdict::fatal) return end_with(RetryEnd::fatal);
  if (stop_.stop_requested()) return end_with(RetryEnd::stopped);
  if (assessment.verdict == Verdict::at_once && at_once_ < at_once_limit) return retry_at_once();

  const int retry = attempts_ - at_once_;
  if (retry >= tools_.policy.attempts) return end_with(RetryEnd::attempts_used_up);
  const int cost = assessment.verdict == Verdict::throttled ? RetryQuota::throttled_cost : RetryQuota::transient_cost;
  if (!tools_.quota.take(cost)) return end_with(RetryEnd::quota_used_up);
  cost_ = cost;
  const milliseconds delay = retry_delay(tools_.policy, assessment, retry, fraction_of(tools_.random));
  if (!tools_.sleep(delay, stop_)) return end_with(RetryEnd::stopped);
  ++attempts_;
  return true;
}

bool Retries::retry_at_once() {
  ++at_once_;
  ++attempts_;
  return true;
}

bool Retries::end_with(RetryEnd end) {
  end_ = end;
  return false;
}

}  // namespace smflow::http
