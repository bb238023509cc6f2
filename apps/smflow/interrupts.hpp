#pragma once

#include <atomic>
#include <functional>
#include <thread>

namespace smflow::cli {

// Turns SIGINT, SIGTERM and SIGHUP into calls of `on_signal(signal, how_many_so_far)` on a thread of its own, where it
// may do anything. Make it before other threads: it blocks the signals, and threads inherit that.
class Interrupts {
 public:
  explicit Interrupts(std::function<void(int signal, int count)> on_signal);
  ~Interrupts();
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;

  // The first signal that came, 0 when none did.
  int first_signal() const { return first_; }
  // That came to any in this process.
  static int first_signal_of_process() { return first_of_process_; }

 private:
  static inline std::atomic<int> first_of_process_ = 0;
  std::atomic<int> first_ = 0;
  std::atomic<bool> done_ = false;
  std::thread thread_;
};

}  // namespace smflow::cli
