#include "interrupts.hpp"

#include <csignal>

namespace smflow::cli {

Interrupts::Interrupts(std::function<void(int, int)> on_signal) {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&signals, signal);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  thread_ = std::thread([this, signals, on_signal = std::move(on_signal)] {
    int count = 0;
    int signal = 0;
    while (sigwait(&signals, &signal) == 0 && !done_) {
      if (count == 0) first_ = first_of_process_ = signal;
      on_signal(signal, ++count);
    }
  });
}

Interrupts::~Interrupts() {
  done_ = true;
  pthread_kill(thread_.native_handle(), SIGHUP);
  thread_.join();
}

}  // namespace smflow::cli
