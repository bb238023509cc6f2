#pragma once

#include <chrono>

#include <smflow/aws/client.hpp>

namespace smflow::s3 {

// A transfer is worth more patience than a call: when the attempts of a call are used up, its part is tried again
// after pauses of seconds.
inline constexpr http::RetryPolicy part_retries{.attempts = 4,
                                                .transient_base = std::chrono::milliseconds(1000),
                                                .throttled_base = std::chrono::milliseconds(2000)};

// Of a part that can be sent or asked for again.
http::Verdict verdict_of_part(const aws::AwsError& error);

// Calls `once()`, an aws::Outcome, until it succeeds, `verdict(error)` is final, or the policy ends it.
template <class Once, class Verdict>
auto retry_part(aws::Client& client, const std::stop_token& stop, Once&& once, Verdict&& verdict) {
  const auto assess = [&](const auto& outcome) {
    return http::Assessment{outcome ? http::Verdict::ok : verdict(outcome.error())};
  };
  return http::retry(client.retry_tools(part_retries), stop, once, assess).outcome;
}

}  // namespace smflow::s3
