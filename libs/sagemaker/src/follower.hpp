#pragma once

#include "patience.hpp"

#include <smflow/sagemaker/sagemaker_service.hpp>

namespace smflow::sagemaker {

// One job, followed to its end: two things asked at their own intervals, the description and the logs.
class Follower {
 public:
  Follower(const ServiceParts& parts, const FollowOptions& options, std::string job, plan::JobObserver& observer);

  Result<plan::JobDescription> follow();
  Result<void> read_logs();

 private:
  using Stopped = std::optional<Error>;  // why following is over

  Stopped look();
  Stopped look_failed(const aws::AwsError& error);
  Stopped poll_logs();
  Stopped logs_failed(const aws::AwsError& error);
  void go_on_without_logs(const Error& error);
  void report_transitions(const plan::JobDescription& job);
  bool ended_long_ago() const;
  bool logs_are_quiet() const;
  SteadyTime next_call() const;
  void pause_until(SteadyTime next);
  Error detached() const;

  const ServiceParts& parts_;
  const FollowOptions& options_;
  const std::string job_;
  plan::JobObserver& observer_;
  Pace pace_;
  LogTail tail_;
  std::optional<plan::JobDescription> last_;
  std::size_t reported_ = 0;           // transitions
  std::string reported_message_ = {};  // of the last of them
  Patience describing_;
  Patience reading_;
  bool reads_logs_;
  bool ended_ = false;
  bool settles_ = true;    // there may be lines yet that are not there at the end
  bool complete_ = false;  // the last poll of the logs found their ends
  SteadyTime news_;        // the latest line, or the end of the job
  SteadyTime next_look_;
  SteadyTime next_poll_;
};

}  // namespace smflow::sagemaker
