#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace smflow::engine {

// Cuts a stream of bytes into lines without their newlines. A line longer than `limit` bytes comes in pieces of `limit`
// bytes, so memory is bounded whatever a program writes.
class LineSplitter {
 public:
  static constexpr std::size_t default_limit = 64 << 10;
  explicit LineSplitter(std::size_t limit = default_limit) : limit_(limit) {}

  template <class Sink>
  void feed(std::string_view bytes, Sink&& sink) {
    while (!bytes.empty()) {
      const std::size_t newline = bytes.find('\n');
      const std::string_view part = bytes.substr(0, newline);
      add(part, sink);
      if (newline == std::string_view::npos) return;
      end_line(sink);
      bytes.remove_prefix(newline + 1);
    }
  }

  // The stream has ended: a last line without a newline is a line too.
  template <class Sink>
  void finish(Sink&& sink) {
    if (!pending_.empty()) end_line(sink);
  }

 private:
  template <class Sink>
  void add(std::string_view part, Sink& sink) {
    while (pending_.size() + part.size() > limit_) {
      const std::size_t taken = limit_ - pending_.size();
      pending_.append(part.substr(0, taken));
      part.remove_prefix(taken);
      end_line(sink);
      cut_ = true;
    }
    pending_.append(part);
  }

  // After a piece of exactly the limit the newline ends nothing new.
  template <class Sink>
  void end_line(Sink& sink) {
    if (!(cut_ && pending_.empty())) sink(std::string_view(pending_));
    pending_.clear();
    cut_ = false;
  }

  std::size_t limit_;
  std::string pending_;
  bool cut_ = false;  // the line in hand has been given out in part
};

}  // namespace smflow::engine
