#include <algorithm>
#include <cerrno>

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <smflow/runtime/output_relay.hpp>

namespace smflow::runtime {

namespace {

constexpr int pipe_bytes = 1 << 20;
constexpr std::size_t chunk_bytes = 128u << 10;

void write_all(int fd, const char* bytes, std::size_t size) {
  while (size > 0) {
    const ssize_t written = write(fd, bytes, size);
    if (written < 0 && errno == EAGAIN) {
      pollfd ready{.fd = fd, .events = POLLOUT, .revents = 0};
      poll(&ready, 1, -1);
    } else if (written < 0 && errno != EINTR) {
      return;  // Nobody reads our output any more; the program must not die of that.
    } else if (written > 0) {
      bytes += written;
      size -= static_cast<std::size_t>(written);
    }
  }
}

}  // namespace

void Tail::append(const char* bytes, std::size_t size) {
  if (size >= limit_) {
    cut_ = cut_ || size > limit_ || !kept_.empty();
    kept_.assign(bytes + (size - limit_), limit_);
    return;
  }
  kept_.append(bytes, size);
  if (kept_.size() > 2 * limit_) {
    kept_.erase(0, kept_.size() - limit_);
    cut_ = true;
  }
}

std::string Tail::text() const {
  const bool cut = cut_ || kept_.size() > limit_;
  std::string text = kept_.substr(kept_.size() > limit_ ? kept_.size() - limit_ : 0);
  const std::size_t line_end = text.find('\n');
  if (!cut) return text;
  if (line_end != std::string::npos && line_end + 1 < text.size()) return text.substr(line_end + 1);
  const auto whole = std::find_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; });
  return {whole, text.end()};
}

OutputRelay::~OutputRelay() {
  if (thread_.joinable()) stop(std::chrono::milliseconds(0));
}

int OutputRelay::open() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return -1;
  shared_->source.reset(ends[0]);
  program_end_.reset(ends[1]);
  fcntl(ends[0], F_SETPIPE_SZ, pipe_bytes);
  fcntl(ends[0], F_SETFL, O_NONBLOCK);
  shared_->wake.reset(eventfd(0, EFD_CLOEXEC));
  return ends[1];
}

void OutputRelay::start() {
  program_end_.reset();
  thread_ = std::thread(copy, shared_, sink_);
}

void OutputRelay::copy(const std::shared_ptr<Shared>& shared, int sink) {
  const auto buffer = std::make_unique<char[]>(chunk_bytes);
  // After the wake-up at most one pipe's content: a daemon that goes on writing must not keep us here.
  std::size_t left = static_cast<std::size_t>(-1);
  bool woken = false;
  while (left > 0) {
    pollfd ready[2] = {{.fd = shared->source.get(), .events = POLLIN, .revents = 0},
                       {.fd = shared->wake.get(), .events = POLLIN, .revents = 0}};
    poll(ready, woken ? 1 : 2, woken ? 0 : -1);
    if (!woken && ready[1].revents != 0) {
      woken = true;
      left = pipe_bytes;
    }
    const ssize_t got = read(shared->source.get(), buffer.get(), std::min(chunk_bytes, left));
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR) || (got < 0 && woken)) break;
    if (got < 0) continue;
    shared->tail->append(buffer.get(), static_cast<std::size_t>(got));
    write_all(sink, buffer.get(), static_cast<std::size_t>(got));
    if (woken) left -= static_cast<std::size_t>(got);
  }
  const std::lock_guard lock(shared->mutex);
  shared->done = true;
  shared->changed.notify_all();
}

bool OutputRelay::finished(std::chrono::milliseconds timeout) {
  std::unique_lock lock(shared_->mutex);
  return shared_->changed.wait_for(lock, timeout, [&] { return shared_->done; });
}

std::string OutputRelay::stop(std::chrono::milliseconds patience) {
  if (thread_.joinable()) {
    eventfd_write(shared_->wake.get(), 1);
    if (finished(patience)) {
      thread_.join();
    } else {
      thread_.detach();
    }
  }
  return shared_->tail->text();
}

}  // namespace smflow::runtime
