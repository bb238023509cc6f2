#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include <smflow/base/unique_fd.hpp>

namespace smflow::runtime {

// The end of a stream, in at most twice `limit` bytes of memory.
class Tail {
 public:
  explicit Tail(std::size_t limit) : limit_(limit) {}
  void append(const char* bytes, std::size_t size);
  // The last `limit` bytes; a line or character cut at the front is left out.
  std::string text() const;

 private:
  std::size_t limit_;
  std::string kept_;
  bool cut_ = false;
};

// One for several threads.
class SharedTail {
 public:
  explicit SharedTail(std::size_t limit) : tail_(limit) {}
  void append(const char* bytes, std::size_t size) {
    const std::lock_guard lock(mutex_);
    tail_.append(bytes, size);
  }
  std::string text() const {
    const std::lock_guard lock(mutex_);
    return tail_.text();
  }

 private:
  mutable std::mutex mutex_;
  Tail tail_;
};

// Copies what a program writes to a file descriptor of ours, at once and as it is, and keeps the end of it. Runs on a
// thread of its own, so that a reader of our output who has stalled stops nothing but the output.
class OutputRelay {
 public:
  static constexpr std::size_t tail_bytes = 32u << 10;

  // Relays that are given one tail keep the end of what they copy together.
  explicit OutputRelay(int sink, std::shared_ptr<SharedTail> tail = std::make_shared<SharedTail>(tail_bytes))
      : sink_(sink), shared_(std::make_shared<Shared>(std::move(tail))) {}
  ~OutputRelay();
  OutputRelay(const OutputRelay&) = delete;
  OutputRelay& operator=(const OutputRelay&) = delete;

  // Makes the pipe and returns the end for the program; -1 with errno set when that fails.
  int open();
  // Starts copying. The caller has forked by now; our copy of the program's end is closed.
  void start();
  // True when every holder of the program's end has closed it, within `timeout`.
  bool finished(std::chrono::milliseconds timeout);
  // Copies what is in the pipe now, stops, and returns the end of the stream. A sink that takes nothing for `patience`
  // is given up.
  std::string stop(std::chrono::milliseconds patience);

 private:
  // Shared with the thread, which may outlive this object when the sink never wakes up.
  struct Shared {
    explicit Shared(std::shared_ptr<SharedTail> kept) : tail(std::move(kept)) {}
    std::mutex mutex;
    std::condition_variable changed;
    bool done = false;
    std::shared_ptr<SharedTail> tail;
    UniqueFd source;
    UniqueFd wake;
  };
  static void copy(const std::shared_ptr<Shared>& shared, int sink);

  int sink_;
  UniqueFd program_end_;
  std::shared_ptr<Shared> shared_;
  std::thread thread_;
};

}  // namespace smflow::runtime
