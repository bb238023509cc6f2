#pragma once

#include "stream_name.hpp"

#include <deque>
#include <unordered_map>

#include <smflow/sagemaker/log_source.hpp>

namespace smflow::sagemaker {

// One log stream, read forward page by page. Keeps what was read of late, so that a token that is not accepted any more
// (it lives for 24 hours) can be replaced by a reading from there without a line lost or doubled.
class StreamReader {
 public:
  StreamReader(std::string stream, StreamName name, std::optional<std::int64_t> since)
      : stream_(std::move(stream)), name_(std::move(name)), since_(since), floor_(since) {}

  const StreamName& name() const { return name_; }
  // Events that were read and not yet taken, in the order of the stream.
  std::deque<aws::LogEvent>& waiting() { return waiting_; }

  // One call. Kind::invalid of a token is not an error: the next call starts over.
  aws::Outcome<void> fetch(LogSource& source);
  // Whether the last call found the end of what is there.
  bool at_end() const { return at_end_; }
  void look_again() { at_end_ = false; }
  void give_up_for_now() { at_end_ = true; }

 private:
  struct Known {
    std::int64_t timestamp;
    std::size_t hash;
  };
  void take(const aws::LogEventPage& page);
  void start_over();
  void remember(const aws::LogEvent& event, std::size_t hash);

  const std::string stream_;
  const StreamName name_;
  const std::optional<std::int64_t> since_;
  std::optional<std::int64_t> floor_;  // every event that is not before it and was read is in known_
  std::string token_;
  std::deque<aws::LogEvent> waiting_;
  std::deque<Known> known_;
  std::unordered_map<std::size_t, int> replayed_;  // after starting over: what comes again, and how often
  bool at_end_ = false;
};

}  // namespace smflow::sagemaker
