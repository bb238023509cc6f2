#include "operations/json_answer.hpp"

#include <smflow/aws/operations/training_jobs.hpp>

namespace smflow::aws {

namespace {

TrainingJob job_of(const Json& answer) {
  TrainingJob job{.name = answer.at("TrainingJobName").get<std::string>(),
                  .arn = text_at(answer, "TrainingJobArn"),
                  .status = answer.at("TrainingJobStatus").get<std::string>(),
                  .secondary_status = text_at(answer, "SecondaryStatus"),
                  .failure_reason = text_at(answer, "FailureReason"),
                  .model_artifacts = {},
                  .creation_time = time_at(answer, "CreationTime"),
                  .training_start_time = time_at(answer, "TrainingStartTime"),
                  .training_end_time = time_at(answer, "TrainingEndTime"),
                  .transitions = {},
                  .document = answer};
  if (const Json* model = member(answer, "ModelArtifacts")) job.model_artifacts = text_at(*model, "S3ModelArtifacts");
  for (const Json& one : list_at(answer, "SecondaryStatusTransitions")) {
    job.transitions.push_back({.status = text_at(one, "Status"),
                               .start_time = time_at(one, "StartTime"),
                               .end_time = time_at(one, "EndTime"),
                               .message = text_at(one, "StatusMessage")});
  }
  return job;
}

}  // namespace

Outcome<TrainingJob> describe_training_job(Client& client, const std::string& name, std::stop_token cancel) {
  const std::string operation = "DescribeTrainingJob";
  return read_answer(client, operation, call_json(client, operation, {{"TrainingJobName", name}}, cancel), job_of);
}

// SageMaker has no error of its own for it, and the text of the message is all that tells it from a malformed name.
bool is_unknown_job(const AwsError& error) {
  return error.kind == AwsError::Kind::not_found ||
         (error.code == "ValidationException" && error.message.find("not found") != std::string::npos);
}

}  // namespace smflow::aws
