#include "hidden_input.hpp"

#include <termios.h>

namespace smflow::cli {

namespace {

// For the handler, which is given nothing but the signal's number.
int hidden_terminal = -1;
termios shown{};

// The signal is blocked while it is handled, and ends the program when the handler returns.
void show_and_end(int number) {
  ::tcsetattr(hidden_terminal, TCSAFLUSH, &shown);
  struct sigaction otherwise {};
  otherwise.sa_handler = SIG_DFL;
  ::sigaction(number, &otherwise, nullptr);
  ::raise(number);
}

}  // namespace

HiddenInput::HiddenInput(int terminal) : known_(::tcgetattr(terminal, &shown) == 0) {
  if (!known_) return;
  hidden_terminal = terminal;
  struct sigaction action {};
  action.sa_handler = show_and_end;
  sigset_t signals;
  ::sigemptyset(&signals);
  for (std::size_t i = 0; i < ending.size(); ++i) {
    ::sigaction(ending[i], &action, &actions_[i]);
    ::sigaddset(&signals, ending[i]);
  }
  ::pthread_sigmask(SIG_UNBLOCK, &signals, &mask_);
  termios hidden = shown;
  hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
  ::tcsetattr(terminal, TCSAFLUSH, &hidden);
}

HiddenInput::~HiddenInput() {
  if (!known_) return;
  ::tcsetattr(hidden_terminal, TCSAFLUSH, &shown);
  ::pthread_sigmask(SIG_SETMASK, &mask_, nullptr);
  for (std::size_t i = 0; i < ending.size(); ++i) ::sigaction(ending[i], &actions_[i], nullptr);
}

}  // namespace smflow::cli
