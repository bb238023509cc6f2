#include <array>
#include <cctype>
#include <cstring>

#include <poll.h>
#include <sys/signalfd.h>

#include <smflow/runtime/signals.hpp>

namespace smflow::runtime {

namespace {

constexpr std::array<int, 9> taken = {SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGWINCH, SIGCONT, SIGCHLD};

}  // namespace

std::string signal_name(int signal) {
  const char* name = sigabbrev_np(signal);
  return name == nullptr ? "signal " + std::to_string(signal) : std::string("SIG") + name;
}

std::string signal_text(int signal) {
  const char* description = sigdescr_np(signal);
  if (description == nullptr) return signal_name(signal);
  std::string text = description;
  text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  return signal_name(signal) + " (" + text + ")";
}

SignalInbox::SignalInbox() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : taken) sigaddset(&set, signal);
  sigprocmask(SIG_BLOCK, &set, &before_);
  pipe_before_ = std::signal(SIGPIPE, SIG_IGN);
  fd_.reset(signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
}

SignalInbox::~SignalInbox() {
  restore_in_child();
}

std::optional<int> SignalInbox::next(std::chrono::milliseconds timeout) {
  pollfd ready{.fd = fd_.get(), .events = POLLIN, .revents = 0};
  if (poll(&ready, 1, static_cast<int>(timeout.count())) <= 0) return std::nullopt;
  signalfd_siginfo info{};
  if (read(fd_.get(), &info, sizeof info) != sizeof info) return std::nullopt;
  return static_cast<int>(info.ssi_signo);
}

void SignalInbox::restore_in_child() const {
  std::signal(SIGPIPE, pipe_before_);
  sigprocmask(SIG_SETMASK, &before_, nullptr);
}

}  // namespace smflow::runtime
