#include <smflow/records/recorded_run.hpp>

namespace smflow::records {

namespace {

// A record without an outcome would look like a job that still runs.
plan::JobDescription never_started(const plan::JobPlan& plan, const Error& error, WallTime now) {
  plan::JobDescription job;
  job.job_name = plan.job_name;
  job.status = plan::JobStatus::Failed;
  job.secondary_status = "Failed";
  job.failure_reason = "the job was never started: " + error.message;
  job.creation_time = now;
  return job;
}

}  // namespace

Result<RunResult> run_recorded(plan::TrainingService& service, storage::Store& bucket, const std::string& prefix,
                               const plan::JobPlan& plan, const RecordInput& input, const Clock& clock,
                               plan::JobObserver& observer) {
  if (auto written = write_record(bucket, prefix, plan, input, clock.now()); !written) {
    return tl::unexpected(std::move(written).error());
  }
  auto submitted = service.submit(plan);
  auto followed = submitted ? service.follow(plan.job_name, observer) : tl::unexpected(submitted.error());
  if (!followed) {
    // The first error is the one to report, whether or not the outcome can be written.
    static_cast<void>(write_outcome(bucket, prefix, never_started(plan, followed.error(), clock.now())));
    return tl::unexpected(std::move(followed).error());
  }
  RunResult result{.job = *std::move(followed), .warnings = {}};
  if (storage::is_file_uri(result.job.output_artifacts_uri)) {
    auto archive = storage::file_uri_path(result.job.output_artifacts_uri);
    auto copied = archive ? copy_results(bucket, prefix, *archive) : tl::unexpected(archive.error());
    if (!copied) result.warnings.push_back(std::move(copied).error());
  }
  if (auto outcome = write_outcome(bucket, prefix, result.job); !outcome) {
    return tl::unexpected(std::move(outcome).error());
  }
  return result;
}

}  // namespace smflow::records
