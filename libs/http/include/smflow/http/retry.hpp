#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <type_traits>
#include <utility>

#include <smflow/base/clock.hpp>
#include <smflow/base/random.hpp>
#include <smflow/http/transport.hpp>

namespace smflow::http {

// The standard retry mode of the AWS SDKs in its form of 2026 (AWS SDKs and Tools Reference Guide, "Retry behavior").

// What one outcome means.
enum class Verdict {
  ok,
  transient,
  throttled,
  at_once,  // again without a delay, free of charge
  fatal,
};

struct Assessment {
  Verdict verdict = Verdict::ok;
  std::optional<std::chrono::milliseconds> server_delay = {};
};

// Of an exchange without an answer. When it may have been processed, only an idempotent request is sent again.
Verdict verdict_of(const TransportError& error, bool idempotent);
// By the number alone; the error codes in a body are for the caller. 429 is throttled; 500, 502, 503 and 504 are
// transient; others from 400 on are fatal.
Verdict verdict_of_status(int status);
// `x-amz-retry-after` (milliseconds), else `Retry-After` (seconds, or an HTTP date), at most an hour.
std::optional<std::chrono::milliseconds> server_delay_in(const Headers& headers, WallTime now);

struct RetryPolicy {
  int attempts = 3;  // in all, the first one included
  std::chrono::milliseconds transient_base{50};
  std::chrono::milliseconds throttled_base{1000};
  std::chrono::milliseconds longest{20'000};
  std::chrono::milliseconds server_extra{5000};  // a server's wish raises a delay by at most this
};

// min(base * 2^(retry - 1), longest) times `fraction`, raised to the server's wish. `retry` counts from 1, `fraction`
// is in [0, 1).
std::chrono::milliseconds retry_delay(const RetryPolicy& policy, const Assessment& assessment, int retry,
                                      double fraction);

// Tokens that all requests to one service share, so that an outage is not answered with a storm of retries. Safe to use
// from several threads.
class RetryQuota {
 public:
  static constexpr int capacity = 500;
  static constexpr int transient_cost = 14;
  static constexpr int throttled_cost = 5;

  // False, and takes nothing, when fewer than `tokens` are left.
  bool take(int tokens);
  void give_back(int tokens);
  int left() const;

 private:
  mutable std::mutex mutex_;
  int left_ = capacity;
};

// Waits; false as soon as a stop is requested.
using Sleep = std::function<bool(std::chrono::milliseconds, std::stop_token)>;
bool sleep_unless_stopped(std::chrono::milliseconds duration, std::stop_token stop);

// Why it was not tried again.
enum class RetryEnd { ok, fatal, attempts_used_up, quota_used_up, stopped };

struct RetryTools {
  RetryPolicy policy = {};
  RetryQuota& quota;
  RandomSource& random;  // of the calling thread, or one that is safe to share
  Sleep sleep = sleep_unless_stopped;
};

// The retries of one request.
class Retries {
 public:
  Retries(const RetryTools& tools, std::stop_token stop) : tools_(tools), stop_(std::move(stop)) {}

  // After an attempt: waits and says true when there is to be another one.
  bool another(const Assessment& assessment);
  int attempts() const { return attempts_; }  // made so far, those at once included
  RetryEnd end() const { return end_; }       // after `another` said false

 private:
  bool end_with(RetryEnd end);
  bool retry_at_once();

  const RetryTools& tools_;
  std::stop_token stop_;
  int attempts_ = 1;
  int at_once_ = 0;
  int cost_ = 0;  // of the last retry
  RetryEnd end_ = RetryEnd::ok;
};

template <class Outcome>
struct Retried {
  Outcome outcome;  // of the last attempt
  int attempts;
  RetryEnd end;
};

// Calls `attempt()` until `assess(outcome)`, an Assessment, or the policy ends it.
template <class Attempt, class Assess>
auto retry(const RetryTools& tools, std::stop_token stop, Attempt&& attempt, Assess&& assess)
    -> Retried<std::invoke_result_t<Attempt&>> {
  Retries retries(tools, std::move(stop));
  for (;;) {
    auto outcome = attempt();
    if (!retries.another(assess(std::as_const(outcome)))) {
      return {std::move(outcome), retries.attempts(), retries.end()};
    }
  }
}

}  // namespace smflow::http
