#include "patience.hpp"

#include <algorithm>

namespace smflow::sagemaker {

namespace {

using Kind = aws::AwsError::Kind;

std::chrono::milliseconds limit_of(Kind kind, std::chrono::milliseconds longest, std::chrono::milliseconds denial) {
  switch (kind) {
    case Kind::network:
    case Kind::service:
    case Kind::throttled:
    case Kind::answer:
    case Kind::credentials:
    case Kind::rejected:
    case Kind::clock_skew:
      return longest;
    case Kind::access_denied:
      return std::min(longest, denial);
    default:
      return std::chrono::milliseconds(0);
  }
}

}  // namespace

std::optional<std::chrono::milliseconds> Patience::after(const aws::AwsError& error, SteadyTime now) {
  constexpr std::chrono::milliseconds longest_delay{60'000};
  delay_ = since_ ? std::min(delay_ * 2, std::max(longest_delay, interval_)) : interval_;
  if (!since_) since_ = now;
  if (now - *since_ >= limit_of(error.kind, longest_, denial_)) return std::nullopt;
  return delay_;
}

}  // namespace smflow::sagemaker
