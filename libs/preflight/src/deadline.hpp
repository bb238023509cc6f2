#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>

namespace smflow::preflight {

// Cancels what has its token once the time is over.
class Deadline {
 public:
  explicit Deadline(std::chrono::milliseconds budget);
  std::stop_token token() const { return over_.get_token(); }

 private:
  std::stop_source over_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread waiter_;  // last: it uses the others
};

}  // namespace smflow::preflight
