#pragma once

#include <smflow/aws/operations/log_events.hpp>
#include <smflow/sagemaker/pace.hpp>

namespace smflow::sagemaker {

// Where the logs of a job are read, one call of the service at a time: a seam for tests.
class LogSource {
 public:
  virtual ~LogSource() = default;
  // One page of the streams whose names begin with `prefix`.
  virtual aws::Outcome<aws::LogStreamPage> streams(const std::string& prefix, const std::string& token) = 0;
  // One page of a stream; an empty token is its head, or the first event not before `start_time`.
  virtual aws::Outcome<aws::LogEventPage> events(const std::string& stream, const std::string& token,
                                                 std::optional<std::int64_t> start_time) = 0;
  // The last events of a stream, the oldest first; `limit` at most.
  virtual aws::Outcome<std::vector<aws::LogEvent>> last_events(const std::string& stream, int limit) = 0;
  // What attempts that the source makes by itself wait for, as its caller does before every call; none: nothing.
  virtual void pace_repeats(Pace* pace) { static_cast<void>(pace); }
};

// CloudWatch Logs, the group /aws/sagemaker/TrainingJobs. `client` is of aws::logs and lives longer.
class CloudWatchLogSource : public LogSource {
 public:
  CloudWatchLogSource(aws::Client& client, std::stop_token cancel) : client_(client), cancel_(std::move(cancel)) {}
  aws::Outcome<aws::LogStreamPage> streams(const std::string& prefix, const std::string& token) override;
  aws::Outcome<aws::LogEventPage> events(const std::string& stream, const std::string& token,
                                         std::optional<std::int64_t> start_time) override;
  aws::Outcome<std::vector<aws::LogEvent>> last_events(const std::string& stream, int limit) override;
  void pace_repeats(Pace* pace) override;

 private:
  aws::Client& client_;
  std::stop_token cancel_;
};

}  // namespace smflow::sagemaker
