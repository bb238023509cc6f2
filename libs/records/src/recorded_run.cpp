#include <smflow/base/files.hpp>
#include <smflow/records/recorded_run.hpp>

namespace smflow::records {

namespace {

// A record without an outcome would look like a job that still runs.
void write_never_started(const RecordedRun& run, const Error& error, WallTime now) {
  plan::JobDescription job;
  job.job_name = run.plan.job_name;
  job.status = plan::JobStatus::Failed;
  job.secondary_status = "Failed";
  job.failure_reason = "the job was never started: " + error.message;
  job.creation_time = now;
  // The first error is the one to report, whether or not the outcome can be written.
  static_cast<void>(write_outcome(run.bucket, run.prefix, job));
}

// SageMaker names a model also when the job has left none.
Result<void> forget_missing_model(const RecordedRun& run, plan::JobDescription& job) {
  const std::string root = run.bucket.uri() + "/";
  if (!job.model_artifacts_uri.starts_with(root)) return {};
  const auto there = run.bucket.exists(job.model_artifacts_uri.substr(root.size()));
  if (!there) return tl::unexpected(there.error());
  if (!*there) job.model_artifacts_uri.clear();
  return {};
}

// It does not name the outputs at all.
Result<void> copy_from_bucket(const RecordedRun& run, plan::JobDescription& job) {
  const std::string root = run.bucket.uri() + "/";
  if (!run.plan.output_uri.starts_with(root)) return {};
  if (!run.plan.platform.compress_output) return {};  // no archives then
  if (auto model = forget_missing_model(run, job); !model) return model;
  const std::string key = run.plan.output_uri.substr(root.size()) + "/" + run.plan.job_name + "/output/output.tar.gz";
  const auto there = run.bucket.exists(key);
  if (!there) return tl::unexpected(there.error());
  if (!*there) return {};
  job.output_artifacts_uri = run.bucket.uri(key);
  auto scratch = TemporaryDirectory::create(std::filesystem::temp_directory_path(), "smflow-output-");
  if (!scratch) return tl::unexpected(std::move(scratch).error());
  const std::filesystem::path archive = scratch->path() / "output.tar.gz";
  if (auto fetched = run.bucket.get_file(key, archive); !fetched) return fetched;
  return copy_results(run.bucket, run.prefix, archive);
}

Result<void> copy_results_of(const RecordedRun& run, plan::JobDescription& job) {
  if (!storage::is_file_uri(job.output_artifacts_uri)) return copy_from_bucket(run, job);
  const auto archive = storage::file_uri_path(job.output_artifacts_uri);
  return archive ? copy_results(run.bucket, run.prefix, *archive) : tl::unexpected(archive.error());
}

}  // namespace

Result<void> submit_recorded(const RecordedRun& run, const RecordInput& input, const Clock& clock) {
  if (auto written = write_record(run.bucket, run.prefix, run.plan, input, clock.now()); !written) return written;
  auto submitted = run.service.submit(run.plan);
  if (!submitted && submitted.error().code != "E146") write_never_started(run, submitted.error(), clock.now());
  return submitted;
}

Result<RunResult> follow_recorded(const RecordedRun& run, const Clock& clock, plan::JobObserver& observer) {
  auto followed = run.service.follow(run.plan.job_name, observer);
  if (!followed) {
    const bool goes_on = run.plan.target == plan::Target::sagemaker;
    if (!goes_on) write_never_started(run, followed.error(), clock.now());
    return tl::unexpected(std::move(followed).error());
  }
  RunResult result{.job = *std::move(followed), .warnings = {}};
  if (auto copied = copy_results_of(run, result.job); !copied) result.warnings.push_back(std::move(copied).error());
  if (auto outcome = write_outcome(run.bucket, run.prefix, result.job); !outcome) {
    return tl::unexpected(std::move(outcome).error());
  }
  return result;
}

}  // namespace smflow::records
