#pragma once

#include <array>
#include <csignal>

namespace smflow::cli {

// Keys typed on a terminal while this lives are not shown. A signal that ends the program puts the terminal back first,
// also one that Interrupts has blocked: what waits for a person ends at once. One at a time, on the main thread.
class HiddenInput {
 public:
  explicit HiddenInput(int terminal);
  ~HiddenInput();
  HiddenInput(const HiddenInput&) = delete;
  HiddenInput& operator=(const HiddenInput&) = delete;

 private:
  static constexpr std::array ending{SIGINT, SIGTERM, SIGHUP, SIGQUIT};

  const bool known_;
  sigset_t mask_{};
  std::array<struct sigaction, ending.size()> actions_{};
};

}  // namespace smflow::cli
