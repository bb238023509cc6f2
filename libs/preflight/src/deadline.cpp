#include "deadline.hpp"

namespace smflow::preflight {

Deadline::Deadline(std::chrono::milliseconds budget)
    : waiter_([this, budget](const std::stop_token& given_up) {
        std::unique_lock lock(mutex_);
        wake_.wait_for(lock, given_up, budget, [] { return false; });
        if (!given_up.stop_requested()) over_.request_stop();
      }) {}

}  // namespace smflow::preflight
