#include "socket.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>

#include <poll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <smflow/base/poll_timeout.hpp>
#include <smflow/console/client.hpp>

namespace smflow::console {

namespace {

constexpr char leave_key = '\x1d';
// For what answers the last of an input that has an end.
constexpr std::chrono::seconds quiet{1};
constexpr std::chrono::seconds longest_answer{5};

using Time = std::chrono::steady_clock::time_point;

// The signals of a window that changes, as a descriptor; the caller's mask comes back with its end.
class WindowChanges {
 public:
  WindowChanges() {
    sigset_t signals;
    ::sigemptyset(&signals);
    ::sigaddset(&signals, SIGWINCH);
    ::pthread_sigmask(SIG_BLOCK, &signals, &before_);
    fd_.reset(::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK));
  }
  ~WindowChanges() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  WindowChanges(const WindowChanges&) = delete;
  WindowChanges& operator=(const WindowChanges&) = delete;

  int fd() const { return fd_.get(); }
  void take() const {
    signalfd_siginfo ignored{};
    while (::read(fd_.get(), &ignored, sizeof ignored) == sizeof ignored) {
    }
  }

 private:
  sigset_t before_{};
  UniqueFd fd_;
};

void tell_size(const FarEnd& far_end) {
  if (const auto size = window_size(STDIN_FILENO)) far_end.resize(*size);
}

// A stream of sockets or a terminal's; 0 at its end.
std::size_t read_some(int fd, std::array<char, 16384>& buffer) {
  ssize_t got = 0;
  do {
    got = ::read(fd, buffer.data(), buffer.size());
  } while (got < 0 && errno == EINTR);
  return got < 0 ? 0 : static_cast<std::size_t>(got);
}

}  // namespace

Left join_terminal(const FarEnd& far_end) {
  const bool may_leave = far_end.may_be_left && ::isatty(STDIN_FILENO) != 0;
  const RawTerminal raw(STDIN_FILENO, Printing::as_it_is);
  const WindowChanges changes;
  std::array<char, 16384> buffer;
  tell_size(far_end);
  std::array<pollfd, 3> events{{{far_end.stream, POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}, {changes.fd(), POLLIN, 0}}};
  Time leave_at = Time::max();
  Time answered_at = Time::max();  // the latest
  for (;;) {
    const int ready = ::poll(events.data(), events.size(), poll_timeout(leave_at));
    const Time now = std::chrono::steady_clock::now();
    if (now >= leave_at) return Left::before_its_end;
    if (ready < 0) continue;
    if (events[2].revents != 0) {
      changes.take();
      tell_size(far_end);
    }
    if (events[0].revents != 0) {
      const std::size_t got = read_some(far_end.stream, buffer);
      if (got == 0 || !write_all(STDOUT_FILENO, {buffer.data(), got})) return Left::because_it_ended;
      if (answered_at != Time::max()) leave_at = std::min(answered_at, now + quiet);
    }
    if (events[1].revents == 0) continue;
    const std::size_t got = read_some(STDIN_FILENO, buffer);
    if (got == 0) {
      events[1].fd = -1;
      if (far_end.may_be_left) leave_at = answered_at = now + longest_answer;
    }
    const std::string_view typed(buffer.data(), got);
    const std::size_t leave = may_leave ? typed.find(leave_key) : std::string_view::npos;
    if (!typed.empty()) far_end.type(typed.substr(0, leave));
    if (leave != std::string_view::npos) return Left::before_its_end;
  }
}

Result<Left> join(const std::filesystem::path& folder, const std::function<void()>& joined) {
  const auto socket = connect_in(folder);
  if (!socket) {
    return tl::unexpected(Error{.code = "E387",
                                .exit = ExitCode::not_found,
                                .message = "the program has no console: " + socket.error().message,
                                .fix = "start the job with --debug, which gives it one"});
  }
  if (joined) joined();
  const auto send = [&](const std::string& frame) {
    std::string_view left = frame;
    while (!left.empty()) {
      const ssize_t sent = ::send(socket->get(), left.data(), left.size(), MSG_NOSIGNAL);
      if (sent < 0 && errno != EINTR) return;  // its end is seen where it is read
      if (sent > 0) left.remove_prefix(static_cast<std::size_t>(sent));
    }
  };
  return join_terminal({.stream = socket->get(),
                        .type = [&](std::string_view keys) { send(keys_frame(keys)); },
                        .resize = [&](WindowSize size) { send(window_frame(size)); }});
}

}  // namespace smflow::console
