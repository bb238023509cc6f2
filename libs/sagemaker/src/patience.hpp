#pragma once

#include <chrono>
#include <optional>

#include <smflow/aws/error.hpp>
#include <smflow/base/clock.hpp>

namespace smflow::sagemaker {

// What failures in a row are worth: whether to go on, and when to ask again.
class Patience {
 public:
  Patience(std::chrono::milliseconds interval, std::chrono::milliseconds longest, std::chrono::milliseconds denial)
      : interval_(interval), longest_(longest), denial_(denial) {}

  // The delay before the next attempt, none when it is time to give up. A denial is put up with for `denial`, what
  // cannot pass not at all.
  std::optional<std::chrono::milliseconds> after(const aws::AwsError& error, SteadyTime now);
  void success() { since_.reset(); }
  bool is_failing() const { return since_.has_value(); }

 private:
  const std::chrono::milliseconds interval_;
  const std::chrono::milliseconds longest_;
  const std::chrono::milliseconds denial_;
  std::optional<SteadyTime> since_;
  std::chrono::milliseconds delay_{0};
};

}  // namespace smflow::sagemaker
