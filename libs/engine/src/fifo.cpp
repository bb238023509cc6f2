#include "fifo.hpp"

#include "host_folders.hpp"

#include <cerrno>
#include <csignal>

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

namespace smflow::engine {

namespace {

// Between two looks whether the program has opened the FIFO, or whether all is over.
constexpr int patience_ms = 20;

}  // namespace

Result<void> make_fifo(const std::filesystem::path& fifo, mode_t mode) {
  if (::mkfifo(fifo.c_str(), mode) == 0 && ::chmod(fifo.c_str(), mode) == 0) return {};
  return tl::unexpected(cannot_prepare(fifo, errno));
}

// A FIFO cannot be opened for writing without waiting before somebody reads it.
UniqueFd open_when_read(const std::filesystem::path& fifo, const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    UniqueFd end(::open(fifo.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW));
    if (end || errno != ENXIO) return end;
    ::poll(nullptr, 0, patience_ms);
  }
  return {};
}

bool write_to_reader(int fifo, std::string_view bytes, const std::stop_token& stop) {
  while (!bytes.empty() && !stop.stop_requested()) {
    const ssize_t written = ::write(fifo, bytes.data(), bytes.size());
    if (written > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(written));
    } else if (written < 0 && errno == EAGAIN) {
      pollfd room{fifo, POLLOUT, 0};
      ::poll(&room, 1, patience_ms);
    } else if (written == 0 || errno != EINTR) {
      return false;
    }
  }
  return bytes.empty();
}

void ignore_broken_pipes() {
  sigset_t broken_pipe;
  ::sigemptyset(&broken_pipe);
  ::sigaddset(&broken_pipe, SIGPIPE);
  ::pthread_sigmask(SIG_BLOCK, &broken_pipe, nullptr);
}

}  // namespace smflow::engine
