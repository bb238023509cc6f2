#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>

#include <smflow/sagemaker/log_source.hpp>
#include <smflow/sagemaker/pace.hpp>

namespace smflow::sagemaker {

class StreamReader;

// Which lines of a job's logs.
struct LogSelection {
  std::optional<WallTime> since = {};
  std::set<std::string> hosts = {};  // "algo-1"; empty: all
};

// The logs of all hosts of one job, as they come: finds the streams "<job>/algo-<n>-<start>", also those of later
// starts of the job, and reads each to its end with every poll. Within a poll lines are in the order of time over the
// hosts; of one stream they always keep its order. None is lost and none doubled, whatever fails in between: a poll
// that failed is simply made again. For one thread.
class LogTail {
 public:
  using Line = std::function<void(std::string_view host, std::string_view line, WallTime time)>;

  LogTail(LogSource& source, Pace& pace, std::string job, LogSelection selection, Line line);
  ~LogTail();
  LogTail(const LogTail&) = delete;
  LogTail& operator=(const LogTail&) = delete;

  struct Poll {
    bool complete = false;  // false: there is more to read at once; the poll ended to let its caller do something else
    bool news = false;      // a line or a stream came
  };
  // The log group and streams may be missing: then there is nothing yet.
  aws::Outcome<Poll> poll();
  // Hands out what a failed poll had read and was waiting to put into order.
  void flush();

 private:
  using Readers = std::map<std::string, std::unique_ptr<StreamReader>>;

  aws::Outcome<bool> find_streams();
  bool add_stream(const std::string& stream);
  aws::Outcome<void> fetch(StreamReader& reader);
  StreamReader* hungry() const;
  bool hand_out_next();

  LogSource& source_;
  Pace& pace_;
  const std::string job_;
  const LogSelection selection_;
  const Line line_;
  Readers readers_;
  bool between_ = false;  // the last poll was not complete
};

}  // namespace smflow::sagemaker
