#pragma once

#include <smflow/plan/create_training_job.hpp>
#include <smflow/plan/training_service.hpp>
#include <smflow/sagemaker/log_tail.hpp>
#include <smflow/sagemaker/training_api.hpp>

namespace smflow::sagemaker {

// How often the service is asked while a job is followed (the SDK's waiter and log loop ask at a similar rate).
struct FollowPacing {
  std::chrono::milliseconds describe{10'000};
  std::chrono::milliseconds logs{5'000};
  std::chrono::milliseconds settle{15'000};  // the logs of a job that has ended are read until they are quiet this long
  std::chrono::milliseconds late_lines{60'000};  // but not of a job that ended longer ago
  std::chrono::milliseconds patience{900'000};   // failures that may pass are put up with this long
  std::chrono::milliseconds denial{300'000};     // and denials: policies by tag take effect late for a new job
};

struct FollowOptions {
  bool with_logs = true;
  LogSelection logs = {};
  FollowPacing pacing = {};
};

// All live longer than the service.
struct ServiceParts {
  TrainingApi& training;
  LogSource& logs;
  const Clock& clock;
  http::Sleep sleep = http::sleep_unless_stopped;
  std::stop_token detach = {};  // ends `follow` with E432; the job goes on
};

// Training jobs on Amazon SageMaker. A job belongs to the account and region of the clients, and outlives this object.
// For one thread, but for `stop`.
class SageMakerService : public plan::TrainingService {
 public:
  // Caller and tags are for `submit` alone.
  explicit SageMakerService(ServiceParts parts, FollowOptions options = {}, plan::Caller caller = {},
                            plan::RunTags tags = {});

  // CreateTrainingJob. When its answer was lost, DescribeTrainingJob tells whether the job is there and is this one.
  // E144: another job has the name. E146: nobody can tell whether the job was accepted.
  Result<void> submit(const plan::JobPlan& plan) override;
  // E145: there is no such job in this account and region.
  Result<plan::JobDescription> describe(const std::string& job_name) override;
  // StopTrainingJob; a job that is stopping or has ended already is no error. E145.
  Result<void> stop(const std::string& job_name) override;
  // Transitions with their messages, and the lines of all hosts in the order of time, none lost and none doubled, until
  // the job has ended and its logs are quiet; the last transition comes after the last line. Throttling, lost
  // connections and expired credentials are waited out for `patience`. E145, E432 after `detach`.
  Result<plan::JobDescription> follow(const std::string& job_name, plan::JobObserver& observer) override;
  // The lines that are there now. Faults that pass are waited out for a minute; a denial is an error at once. E145,
  // E432 after `detach`.
  Result<void> read_logs(const std::string& job_name, plan::JobObserver& observer);
  // Of each host's log its last lines, `count` at most: a call for every host, and one for 50 streams.
  Result<void> read_last_lines(const std::string& job_name, int count, plan::JobObserver& observer);

 private:
  Result<bool> is_ours(const plan::JobPlan& plan, const Json& request);

  const ServiceParts parts_;
  const FollowOptions options_;
  const plan::Caller caller_;
  const plan::RunTags tags_;
};

}  // namespace smflow::sagemaker
