#include "description.hpp"
#include "follower.hpp"
#include "last_events.hpp"

#include <algorithm>

#include <smflow/sagemaker/sagemaker_service.hpp>

namespace smflow::sagemaker {

namespace {

using Kind = aws::AwsError::Kind;

// How long a request without an answer may be under way after its connection is gone.
constexpr std::chrono::milliseconds still_on_its_way{3000};

// Whether an attempt may have been carried out though no answer says so: the last one, or one before it.
bool may_have_been_accepted(const aws::AwsError& error) {
  const bool no_answer =
      error.attempts > 0 && error.status == 0 && (error.kind == Kind::credentials || error.kind == Kind::cancelled);
  return error.attempts > 1 || no_answer || error.kind == Kind::network || error.kind == Kind::service ||
         error.kind == Kind::answer;
}

Error name_is_taken(const std::string& job, const aws::AwsError& error) {
  return {.code = "E144",
          .exit = ExitCode::conflict,
          .message = "another training job has the name '" + job + "': " + error.message,
          .fix = "names are never used twice, even after the job has ended: change SAGEMAKER.JOB_NAME"};
}

Error nobody_knows(const std::string& job, const Error& error) {
  return {.code = "E146",
          .exit = ExitCode::service,
          .message = "it is not known whether SageMaker accepted the job '" + job + "': " + error.message,
          .fix = "smflow status " + job + " tells as soon as SageMaker answers; nothing is started twice"};
}

}  // namespace

SageMakerService::SageMakerService(ServiceParts parts, FollowOptions options, plan::Caller caller, plan::RunTags tags)
    : parts_(std::move(parts)), options_(std::move(options)), caller_(std::move(caller)), tags_(std::move(tags)) {}

Result<void> SageMakerService::submit(const plan::JobPlan& plan) {
  const Json request(plan::create_training_job_request(plan, caller_, tags_));
  const auto created = parts_.training.create(request);
  if (created) return {};
  const aws::AwsError& error = created.error();
  if (!may_have_been_accepted(error)) {
    return tl::unexpected(error.kind == Kind::conflict ? name_is_taken(plan.job_name, error) : aws::as_error(error));
  }
  auto ours = is_ours(plan, request);
  if (ours && !*ours && error.kind != Kind::conflict) {
    parts_.sleep(still_on_its_way, {});
    ours = is_ours(plan, request);
  }
  if (!ours) return tl::unexpected(nobody_knows(plan.job_name, ours.error()));
  if (*ours) return {};
  return tl::unexpected(error.kind == Kind::conflict ? name_is_taken(plan.job_name, error) : aws::as_error(error));
}

// The inputs name the job's own record, which nobody else has written: it takes no more to know one's job.
Result<bool> SageMakerService::is_ours(const plan::JobPlan& plan, const Json& request) {
  auto job = parts_.training.describe(plan.job_name);
  if (!job && aws::is_unknown_job(job.error())) return false;
  if (!job) return tl::unexpected(aws::as_error(job.error()));
  const Json& there = job->document;
  for (const char* member : {"RoleArn", "HyperParameters"}) {
    if (request.value(member, Json()) != there.value(member, Json())) return false;
  }
  const auto uris = [](const Json& document) {
    std::vector<Json> all;
    for (const Json& channel : document.value("InputDataConfig", Json::array())) {
      all.push_back(channel.value("/DataSource/S3DataSource/S3Uri"_json_pointer, Json()));
    }
    return all;
  };
  return uris(request) == uris(there);
}

Result<plan::JobDescription> SageMakerService::describe(const std::string& job_name) {
  const auto job = parts_.training.describe(job_name);
  if (!job) return tl::unexpected(job_error(job_name, job.error()));
  return description_of(*job);
}

Result<void> SageMakerService::stop(const std::string& job_name) {
  const auto stopped = parts_.training.stop(job_name);
  if (stopped) return {};
  if (stopped.error().kind == Kind::invalid) {
    const auto job = parts_.training.describe(job_name);
    const auto status = job ? job_status(job->status) : plan::JobStatus::InProgress;
    if (plan::is_terminal(status) || status == plan::JobStatus::Stopping) return {};
  }
  return tl::unexpected(job_error(job_name, stopped.error()));
}

Result<plan::JobDescription> SageMakerService::follow(const std::string& job_name, plan::JobObserver& observer) {
  return Follower(parts_, options_, job_name, observer).follow();
}

Result<void> SageMakerService::read_logs(const std::string& job_name, plan::JobObserver& observer) {
  if (auto job = describe(job_name); !job) return tl::unexpected(std::move(job).error());
  FollowOptions once = options_;
  once.pacing.patience = std::min<std::chrono::milliseconds>(once.pacing.patience, std::chrono::minutes(1));
  once.pacing.denial = std::chrono::milliseconds(0);
  return Follower(parts_, once, job_name, observer).read_logs();
}

Result<void> SageMakerService::read_last_lines(const std::string& job_name, int count, plan::JobObserver& observer) {
  Pace pace(parts_.clock, parts_.sleep, parts_.detach);
  const auto read = read_last_events(parts_.logs, pace, job_name, count, observer);
  return read ? Result<void>{} : tl::unexpected(aws::as_error(read.error()));
}

}  // namespace smflow::sagemaker
