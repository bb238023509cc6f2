#include "description.hpp"

#include <algorithm>

namespace smflow::sagemaker {

namespace {

int count_in(const Json& resources) {
  if (!resources.is_object()) return 0;
  const auto count = resources.find("InstanceCount");
  return count != resources.end() && count->is_number_integer() ? count->get<int>() : 0;
}

int instance_count(const Json& document) {
  const auto resources = document.find("ResourceConfig");
  if (resources == document.end()) return 1;
  int count = count_in(*resources);
  const auto groups = resources->find("InstanceGroups");
  if (groups != resources->end() && groups->is_array()) {
    for (const Json& group : *groups) count += count_in(group);
  }
  return std::max(count, 1);
}

std::optional<std::chrono::seconds> seconds_at(const Json& document, const char* name) {
  const auto found = document.find(name);
  if (found == document.end() || !found->is_number_integer()) return std::nullopt;
  return std::chrono::seconds(found->get<std::int64_t>());
}

std::vector<plan::StatusTransition> transitions_of(const aws::TrainingJob& job) {
  std::vector<plan::StatusTransition> transitions;
  for (const aws::SecondaryStatusTransition& one : job.transitions) {
    transitions.push_back({.status = one.status,
                           .start = one.start_time.value_or(job.creation_time.value_or(WallTime{})),
                           .end = one.end_time,
                           .message = one.message});
  }
  return transitions;
}

}  // namespace

plan::JobStatus job_status(const std::string& word) {
  using enum plan::JobStatus;
  for (const auto status : {Stopping, Completed, Failed, Stopped, Deleting}) {
    if (word == plan::to_string(status)) return status;
  }
  return InProgress;
}

plan::JobDescription description_of(const aws::TrainingJob& job) {
  return {.job_name = job.name,
          .arn = job.arn,
          .instance_count = instance_count(job.document),
          .status = job_status(job.status),
          .secondary_status = job.secondary_status,
          .failure_reason = job.failure_reason,
          .transitions = transitions_of(job),
          .creation_time = job.creation_time.value_or(WallTime{}),
          .training_start_time = job.training_start_time,
          .training_end_time = job.training_end_time,
          .training_time = seconds_at(job.document, "TrainingTimeInSeconds"),
          .billable_time = seconds_at(job.document, "BillableTimeInSeconds"),
          .model_artifacts_uri = job.model_artifacts,
          .output_artifacts_uri = {},
          .hosts = {}};
}

Error no_such_job(const std::string& job) {
  return {.code = "E145",
          .exit = ExitCode::not_found,
          .message = "there is no training job '" + job + "' in this account and region",
          .fix = "check the name, AWS_PROFILE and AWS_REGION; aws sagemaker list-training-jobs lists them"};
}

Error job_error(const std::string& job, const aws::AwsError& error) {
  return aws::is_unknown_job(error) ? no_such_job(job) : aws::as_error(error);
}

}  // namespace smflow::sagemaker
