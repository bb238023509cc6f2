#include "pipe_channel.hpp"

#include "host_folders.hpp"

#include <array>
#include <cerrno>
#include <csignal>

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <smflow/storage/store.hpp>

namespace smflow::engine {

namespace fs = std::filesystem;

namespace {

// Between two looks whether the program has opened the FIFO, or whether all is over.
constexpr int patience_ms = 20;

// A FIFO cannot be opened for writing without waiting before somebody reads it.
UniqueFd open_when_read(const fs::path& fifo, const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    UniqueFd end(::open(fifo.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW));
    if (end || errno != ENXIO) return end;
    ::poll(nullptr, 0, patience_ms);
  }
  return {};
}

// False when nobody reads any more.
bool write_all(int fifo, const char* bytes, std::size_t size, const std::stop_token& stop) {
  while (size > 0 && !stop.stop_requested()) {
    const ssize_t written = ::write(fifo, bytes, size);
    if (written > 0) {
      bytes += written;
      size -= static_cast<std::size_t>(written);
    } else if (written < 0 && errno == EAGAIN) {
      pollfd room{fifo, POLLOUT, 0};
      ::poll(&room, 1, patience_ms);
    } else if (written == 0 || errno != EINTR) {
      return false;
    }
  }
  return size == 0;
}

}  // namespace

Result<std::unique_ptr<PipeChannel>> PipeChannel::make(const Input& input, fs::path folder) {
  std::vector<fs::path> objects;
  if (input.is_file) {
    objects.push_back(input.source);
  } else {
    const auto store = storage::open_store("file://" + input.source.string());
    if (!store) return tl::unexpected(store.error());
    const auto listed = (*store)->list("");
    if (!listed) return tl::unexpected(listed.error());
    for (const storage::ObjectInfo& object : *listed) objects.push_back(input.source / object.key);
  }
  return std::unique_ptr<PipeChannel>(new PipeChannel(std::move(folder) / input.channel, std::move(objects)));
}

fs::path PipeChannel::fifo(int epoch) const {
  return place_.string() + "_" + std::to_string(epoch);
}

Result<void> PipeChannel::make_fifo(int epoch) const {
  // The program may be another user than we are; the umask must not hinder it.
  if (::mkfifo(fifo(epoch).c_str(), 0666) == 0 && ::chmod(fifo(epoch).c_str(), 0666) == 0) return {};
  return tl::unexpected(cannot_prepare(fifo(epoch), errno));
}

Result<void> PipeChannel::start() {
  if (auto made = make_fifo(0); !made) return made;
  thread_ = std::jthread([this](const std::stop_token& stop) { serve(stop); });
  return {};
}

void PipeChannel::serve(const std::stop_token& stop) const {
  // A program that closes early is no reason to die.
  sigset_t broken_pipe;
  ::sigemptyset(&broken_pipe);
  ::sigaddset(&broken_pipe, SIGPIPE);
  ::pthread_sigmask(SIG_BLOCK, &broken_pipe, nullptr);
  for (int epoch = 0; !stop.stop_requested(); ++epoch) {
    UniqueFd end = open_when_read(fifo(epoch), stop);
    if (!end) return;
    write_objects(end.get(), stop);
    // Before the end of this one is seen, so that a program need not wait for the next.
    const auto next = make_fifo(epoch + 1);
    ::unlink(fifo(epoch).c_str());
    if (!next) return;
  }
}

void PipeChannel::write_objects(int fifo, const std::stop_token& stop) const {
  std::array<char, 64 << 10> buffer{};
  for (const fs::path& object : objects_) {
    const UniqueFd file(::open(object.c_str(), O_RDONLY | O_CLOEXEC));
    ssize_t got = 0;
    while ((got = ::read(file.get(), buffer.data(), buffer.size())) > 0) {
      if (!write_all(fifo, buffer.data(), static_cast<std::size_t>(got), stop)) return;
    }
  }
}

}  // namespace smflow::engine
