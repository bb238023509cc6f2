#pragma once

#include <smflow/base/clock.hpp>
#include <smflow/http/retry.hpp>

namespace smflow::sagemaker {

// At most five calls, or attempts of them, a second. For one thread.
class Pace {
 public:
  Pace(const Clock& clock, http::Sleep sleep, std::stop_token cancel)
      : clock_(clock), sleep_(std::move(sleep)), cancel_(std::move(cancel)) {}

  // Before every attempt.
  void wait_for_turn();
  void sleep(std::chrono::milliseconds duration) { sleep_(duration, cancel_); }
  bool cancelled() const { return cancel_.stop_requested(); }
  SteadyTime now() const { return clock_.steady_now(); }

 private:
  const Clock& clock_;
  const http::Sleep sleep_;
  const std::stop_token cancel_;
  SteadyTime next_{};
};

}  // namespace smflow::sagemaker
