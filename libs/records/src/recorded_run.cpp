#include "card.hpp"
#include "copied_folders.hpp"
#include "json_access.hpp"
#include "log_keeper.hpp"
#include "log_series.hpp"

#include <algorithm>

#include <smflow/base/files.hpp>
#include <smflow/base/own_secrets.hpp>
#include <smflow/base/text.hpp>
#include <smflow/records/recorded_run.hpp>

namespace smflow::records {

namespace {

// A record without an outcome would look like a job that still runs.
Result<void> write_never_started(storage::Store& bucket, std::string_view prefix, const Error& error, WallTime now,
                                 const char* by = "submitter") {
  plan::JobDescription job;
  const bool stopped = error.exit == ExitCode::interrupted;
  job.status = stopped ? plan::JobStatus::Stopped : plan::JobStatus::Failed;
  job.secondary_status = stopped ? "Stopped" : "Failed";
  job.failure_reason = "the job was never started: " + error.message;
  job.creation_time = now;
  return write_outcome(bucket, prefix, job, by);
}

Result<bool> holds_objects(storage::Store& bucket, const std::string& folder) {
  return bucket.list(folder).map([](const auto& objects) { return !objects.empty(); });
}

// SageMaker names a model also when the job has left none.
Result<void> forget_missing_model(const RecordedRun& run, plan::JobDescription& job) {
  const std::string root = run.bucket.uri() + "/";
  if (!job.model_artifacts_uri.starts_with(root)) return {};
  const std::string key = job.model_artifacts_uri.substr(root.size());
  const auto there =
      key.ends_with('/') ? holds_objects(run.bucket, key.substr(0, key.size() - 1)) : run.bucket.exists(key);
  if (!there) return tl::unexpected(there.error());
  if (!*there) job.model_artifacts_uri.clear();
  return {};
}

// What a program leaves for its record is small; larger outputs are data, and would fill this machine's disk.
constexpr std::uint64_t most_copied_bytes = 1ull << 30;

Error too_much_to_copy(const plan::JobDescription& job, std::uint64_t bytes) {
  return {.code = "E379",
          .exit = ExitCode::machine,
          .message = "metrics and samples are not beside the record: the job's output is " +
                     format_bytes(static_cast<double>(bytes)) + ", and 1 GiB is looked through",
          .fix = "smflow pull " + job.job_name + " fetches it"};
}

// What is copied beside the record of an output that is an archive, or a folder with "/" at its end.
Result<void> fetch_output(storage::Store& bucket, const std::string& output, const std::filesystem::path& artifact) {
  if (!output.ends_with('/')) return bucket.get_file(output, artifact);
  for (const std::string_view folder : copied_folders) {
    auto fetched = storage::sync_down(bucket, output + std::string(folder), artifact / folder);
    if (!fetched) return tl::unexpected(std::move(fetched).error());
  }
  return {};
}

// It does not name the outputs at all.
Result<void> copy_from_bucket(const RecordedRun& run, plan::JobDescription& job) {
  const std::string root = run.bucket.uri() + "/";
  if (!run.plan.output_uri.starts_with(root)) return {};
  if (auto model = forget_missing_model(run, job); !model) return model;
  const std::string folder = run.plan.output_uri.substr(root.size()) + "/" + plan::artifacts_folder(run.plan.job_name);
  const bool packed = run.plan.platform.compress_output;
  const std::string output = folder + "/" + plan::artifact_names(packed).output;
  const auto listed = run.bucket.list(folder);
  if (!listed) return tl::unexpected(listed.error());
  std::uint64_t bytes = 0;
  for (const storage::ObjectInfo& object : *listed) {
    if (packed ? object.key != output : !object.key.starts_with(output)) continue;
    job.output_artifacts_uri = root + output;
    if (packed || is_copied(object.key.substr(output.size()))) bytes += object.size;
  }
  if (bytes == 0) return {};
  if (bytes > most_copied_bytes) return tl::unexpected(too_much_to_copy(job, bytes));
  auto scratch = TemporaryDirectory::create(std::filesystem::temp_directory_path(), "smflow-output-");
  if (!scratch) return tl::unexpected(std::move(scratch).error());
  const std::filesystem::path artifact = scratch->path() / "output";
  if (auto fetched = fetch_output(run.bucket, output, artifact); !fetched) return fetched;
  return copy_results(run.bucket, run.prefix, artifact);
}

Result<void> copy_results_of(const RecordedRun& run, plan::JobDescription& job) {
  if (!storage::is_file_uri(job.output_artifacts_uri)) return copy_from_bucket(run, job);
  const auto archive = storage::file_uri_path(job.output_artifacts_uri);
  return archive ? copy_results(run.bucket, run.prefix, *archive) : tl::unexpected(archive.error());
}

// Passes everything on, and keeps what the log of the first host says of the metrics.
class MetricCollector : public plan::ForwardingObserver {
 public:
  MetricCollector(plan::JobObserver& next, const RecordedRun& run)
      : ForwardingObserver(next), series_(run.plan.metric_definitions) {}

  void on_log(std::string_view host, std::string_view line, WallTime time) override {
    if (host == "algo-1") series_.add(line, time);
    ForwardingObserver::on_log(host, line, time);
  }
  const std::string& lines() const { return series_.lines(); }

 private:
  LogSeries series_;
};

// The program's own metrics are better: they have steps and all digits.
Result<void> keep_log_metrics(const RecordedRun& run, const std::string& lines) {
  if (lines.empty()) return {};
  const auto own = run.bucket.list(run.prefix + "/metrics");
  if (!own) return tl::unexpected(own.error());
  const auto is_own = [](const storage::ObjectInfo& file) { return file.key.ends_with(".jsonl"); };
  if (std::ranges::any_of(*own, is_own)) return {};
  return run.bucket.put(run.prefix + "/" + std::string(log_series_file), lines);
}

// As much of the plan as finishing a record takes.
plan::JobPlan remembered_plan(const Run& run) {
  plan::JobPlan plan;
  plan.job_name = run.name;
  plan.target = plan::Target::sagemaker;
  plan.metric_definitions = metric_definitions_of(run);
  const Parameter* compress = run.parameter("sagemaker:S3.COMPRESS_OUTPUT");
  plan.platform.compress_output = compress == nullptr || compress->value != OrderedJson(false);
  const std::string ending =
      "/" + plan::artifacts_folder(run.name) + "/" + plan::artifact_names(plan.platform.compress_output).model;
  for (const auto& [name, uri] : run.outputs) {
    if (name == "model" && uri.ends_with(ending)) plan.output_uri = uri.substr(0, uri.size() - ending.size());
  }
  return plan;
}

}  // namespace

Result<void> submit_recorded(const RecordedRun& run, const RecordInput& input, const Clock& clock) {
  if (auto written = write_record(run.bucket, run.prefix, run.plan, input, clock.now()); !written) return written;
  auto submitted = run.service.submit(run.plan);
  if (!submitted) {
    // The first error is the one to report, whether or not the outcome can be written.
    if (submitted.error().code != "E146") {
      static_cast<void>(write_never_started(run.bucket, run.prefix, submitted.error(), clock.now()));
    }
    return submitted;
  }
  // The job has begun: what is followed now says the rest.
  static_cast<void>(write_submitted(run.bucket, run.prefix, input, run.plan.job_name, clock.now()));
  return {};
}

Result<RunResult> follow_recorded(const RecordedRun& run, const Clock& clock, plan::JobObserver& observer,
                                  const char* by) {
  const bool on_sagemaker = run.plan.target == plan::Target::sagemaker;
  LogKeeper logs(observer, SecretScan(known_secrets(run.plan, own_aws_secrets())));
  MetricCollector collector(on_sagemaker ? logs : observer, run);
  auto followed = run.service.follow(run.plan.job_name, collector);
  if (!followed) {
    if (!on_sagemaker) {
      static_cast<void>(write_never_started(run.bucket, run.prefix, followed.error(), clock.now()));
    }
    return tl::unexpected(std::move(followed).error());
  }
  RunResult result{.job = *std::move(followed), .warnings = {}};
  if (auto copied = copy_results_of(run, result.job); !copied) result.warnings.push_back(std::move(copied).error());
  if (auto kept = keep_log_metrics(run, collector.lines()); !kept && kept.error().code != "E142") {
    result.warnings.push_back(std::move(kept).error());
  }
  if (auto kept = logs.put(run.bucket, run.prefix); !kept) result.warnings.push_back(std::move(kept).error());
  if (auto outcome = write_outcome(run.bucket, run.prefix, result.job, by); !outcome) {
    result.outcome_is_written = false;
    result.warnings.push_back(std::move(outcome).error());
  }
  return result;
}

Result<bool> complete_record(storage::Store& bucket, std::string_view record_key, plan::TrainingService& service,
                             const std::function<std::string()>& account, const Clock& clock) {
  constexpr std::chrono::hours longest_submission{1};
  const auto run = read_run(bucket, record_key);
  if (!run) return tl::unexpected(run.error());
  // Whoever wrote the outcome did not come to the card.
  if (run->state != RunState::open) return put_card(bucket, ended_cards, *run).map([] { return true; });
  if (run->mode != "sagemaker") return false;
  const auto job = service.describe(run->name);
  const auto is_of_this_account = [&] {
    const std::string asked = account();
    return !asked.empty() && text_at(run->record, {"who", "aws_account"}) == asked;
  };
  if (!job && job.error().code == "E145" && clock.now() > run->created + longest_submission && is_of_this_account()) {
    return write_never_started(bucket, run->record_key, job.error(), run->created, "reconciler").map([] {
      return true;
    });
  }
  if (!job) return tl::unexpected(job.error());
  if (!plan::is_terminal(job->status)) return false;
  const plan::JobPlan plan = remembered_plan(*run);
  plan::SilentObserver silent;
  const auto finished = follow_recorded({service, bucket, run->record_key, plan}, clock, silent, "reconciler");
  if (!finished) return tl::unexpected(finished.error());
  return finished->outcome_is_written;
}

}  // namespace smflow::records
