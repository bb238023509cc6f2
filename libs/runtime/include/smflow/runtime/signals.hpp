#pragma once

#include <chrono>
#include <csignal>
#include <optional>
#include <string>

#include <smflow/base/unique_fd.hpp>

namespace smflow::runtime {

// "SIGSEGV"; "signal 70" when it has no name.
std::string signal_name(int signal);
// "SIGSEGV (segmentation fault)".
std::string signal_text(int signal);

// Takes the signals that concern a supervisor (SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGWINCH, SIGCONT
// and SIGCHLD) out of normal delivery for its lifetime and hands them out one by one. The first process of a container
// has no default action for them: one that does not take SIGTERM ignores it. SIGPIPE is ignored meanwhile. One instance
// at a time, made before any thread.
class SignalInbox {
 public:
  SignalInbox();
  ~SignalInbox();
  SignalInbox(const SignalInbox&) = delete;
  SignalInbox& operator=(const SignalInbox&) = delete;

  // The next signal; nothing after `timeout`, which may be negative for "wait for ever".
  std::optional<int> next(std::chrono::milliseconds timeout);

  // Undoes everything for a forked child that is about to become another program. Async-signal-safe.
  void restore_in_child() const;

 private:
  UniqueFd fd_;
  sigset_t before_;
  void (*pipe_before_)(int) = nullptr;
};

}  // namespace smflow::runtime
