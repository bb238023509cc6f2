#pragma once

#include <map>
#include <vector>

#include <smflow/aws/client.hpp>
#include <smflow/base/json.hpp>

// Operations on training jobs of Amazon SageMaker (API version 2017-07-24) that smflow uses. Members of an answer that
// are not here are ignored; a member of the wrong type is AwsError::Kind::answer.
namespace smflow::aws {

// The ARN of the new job. The operation has no idempotency token: when an answer was lost, the repetition is answered
// with ResourceInUse, AwsError::attempts is then more than 1.
Outcome<std::string> create_training_job(Client& client, const Json& request, std::stop_token cancel = {});

struct SecondaryStatusTransition {
  std::string status;
  std::optional<WallTime> start_time;
  std::optional<WallTime> end_time;
  std::string message;
};

struct TrainingJob {
  std::string name;
  std::string arn;
  std::string status;            // "InProgress", "Stopping", "Completed", "Failed", "Stopped", or a word of later years
  std::string secondary_status;  // "Starting", "Training", "MaxRuntimeExceeded" and so on
  std::string failure_reason;
  std::string model_artifacts;  // S3 URI
  std::optional<WallTime> creation_time;
  std::optional<WallTime> training_start_time;  // none when it ended before it started
  std::optional<WallTime> training_end_time;
  std::vector<SecondaryStatusTransition> transitions;
  Json document;  // the whole answer, which repeats the request without its tags
};
// An unknown job is ValidationException, Kind::invalid: is_unknown_job().
Outcome<TrainingJob> describe_training_job(Client& client, const std::string& name, std::stop_token cancel = {});
// True for the answer of SageMaker to the name of a job that does not exist.
bool is_unknown_job(const AwsError& error);

// Returns when the job has been asked to stop, long before it has. A job that has ended already is Kind::invalid.
Outcome<void> stop_training_job(Client& client, const std::string& name, std::stop_token cancel = {});

// UpdateTrainingJob: lets sessions of AWS Systems Manager into the containers of a job that downloads or trains.
Outcome<void> enable_remote_debug(Client& client, const std::string& name, std::stop_token cancel = {});

struct TrainingJobSummary {
  std::string name;
  std::string arn;
  std::string status;
  std::optional<WallTime> creation_time;
  std::optional<WallTime> training_end_time;
};
struct TrainingJobPage {
  std::vector<TrainingJobSummary> jobs;  // may be short or empty while there are further pages
  std::string next_token;                // empty: this was the last page
};
struct TrainingJobFilter {
  std::string name_contains = {};
  std::string status = {};
  std::optional<WallTime> created_after = {};
  int max_results = 100;  // 1 to 100
};
// One page, the newest job first.
Outcome<TrainingJobPage> list_training_jobs(Client& client, const TrainingJobFilter& filter,
                                            const std::string& next_token = {}, std::stop_token cancel = {});

struct MachineGroup {
  std::string instance_type;
  std::int64_t count = 0;
};
struct ActiveJob {
  std::string name;
  bool spot = false;
  std::vector<MachineGroup> machines;  // more than one for a heterogeneous cluster
};
struct ActiveJobPage {
  std::vector<ActiveJob> jobs;
  std::string next_token;  // empty: this was the last page
};
// Search for the jobs that are InProgress or Stopping, with their machines. What began or ended a moment ago may be
// missing or still there.
Outcome<ActiveJobPage> search_active_jobs(Client& client, const std::string& next_token = {},
                                          std::stop_token cancel = {});

Outcome<void> add_tags(Client& client, const std::string& arn, const std::map<std::string, std::string>& tags);

struct TagPage {
  std::map<std::string, std::string> tags;
  std::string next_token;  // empty: this was the last page
};
Outcome<TagPage> list_tags(Client& client, const std::string& arn, const std::string& next_token = {});

}  // namespace smflow::aws
