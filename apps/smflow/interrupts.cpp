#include "interrupts.hpp"

#include <csignal>
#include <ctime>

namespace smflow::cli {

Interrupts::Interrupts(std::function<void(int, int)> on_signal) {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&signals, signal);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  thread_ = std::thread([this, signals, on_signal = std::move(on_signal)] {
    int count = 0;
    while (!done_) {
      const timespec patience{.tv_sec = 0, .tv_nsec = 50'000'000};
      const int signal = sigtimedwait(&signals, nullptr, &patience);
      if (signal <= 0) continue;
      if (count == 0) first_ = signal;
      on_signal(signal, ++count);
    }
  });
}

Interrupts::~Interrupts() {
  done_ = true;
  thread_.join();
}

}  // namespace smflow::cli
