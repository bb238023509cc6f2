#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <smflow/base/clock.hpp>

namespace smflow::emulator {

inline constexpr const char* log_group = "/aws/sagemaker/TrainingJobs";

struct LogEvent {
  std::uint64_t sequence = 0;  // counts the events of all streams, from 1 on
  std::int64_t timestamp = 0;  // milliseconds since 1970, never less than that of the event before
  std::string message;
};

struct LogStreamInfo {
  std::string name;
  std::int64_t creation = 0, first = 0, last = 0;  // milliseconds since 1970
};

// Milliseconds since 1970: `from` included, `to` excluded.
struct TimeRange {
  std::int64_t from = 0;
  std::int64_t to = INT64_MAX;
};

struct PageLimits {
  std::size_t events = 10'000;
  std::size_t bytes = 1 << 20;  // 26 of them an event beside its message
};

// The log lines of all jobs, in memory. Bounded: a stream keeps its newest `stream_bytes`, all streams together
// `total_bytes`; the oldest events go first. A stream appears with its first line. Safe to use from several threads.
class LogStore {
 public:
  explicit LogStore(const Clock& clock, std::size_t stream_bytes = 32 << 20, std::size_t total_bytes = 256 << 20)
      : clock_(clock), stream_bytes_(stream_bytes), total_bytes_(total_bytes) {}

  // One line without its newline. Control characters become "#011" as on the platform, invalid UTF-8 U+FFFD, and an
  // empty line one space: an event is never empty.
  void append(const std::string& stream, std::string_view line);

  std::vector<LogStreamInfo> streams() const;  // sorted by name
  bool has(const std::string& stream) const;
  // At most a page of the stream's events with `sequence` >= `first`, oldest first.
  std::vector<LogEvent> forward(const std::string& stream, std::uint64_t first, TimeRange range, PageLimits page) const;
  // At most a page of the newest events with `sequence` < `end`, oldest first.
  std::vector<LogEvent> backward(const std::string& stream, std::uint64_t end, TimeRange range, PageLimits page) const;

  using Found = std::pair<std::string, LogEvent>;  // stream, event
  using Accept = std::function<bool(std::string_view)>;
  // Events of several streams in the order they came, from `first` on.
  std::vector<Found> find(const Accept& stream, const Accept& message, std::uint64_t first, TimeRange range,
                          PageLimits page) const;

 private:
  struct Stream {
    std::int64_t creation = 0;
    std::size_t bytes = 0;
    std::deque<LogEvent> events;
  };
  void drop_oldest(Stream& stream);
  void keep_the_bounds(Stream& stream);

  const Clock& clock_;
  const std::size_t stream_bytes_;
  const std::size_t total_bytes_;
  mutable std::mutex mutex_;
  std::map<std::string, Stream> streams_;
  std::size_t bytes_ = 0;
  std::uint64_t sequence_ = 0;
  std::int64_t last_timestamp_ = 0;
};

}  // namespace smflow::emulator
