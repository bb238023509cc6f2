#include "scripted_jobs.hpp"

#include <smflow/base/files.hpp>
#include <smflow/storage/archive.hpp>
#include <smflow/storage/store.hpp>

namespace smflow::rehearsal {

namespace fs = std::filesystem;

ScriptedJobs::ScriptedJobs(fs::path folder, Program program)
    : folder_(std::move(folder)), program_(std::move(program)) {}

Result<void> ScriptedJobs::submit(const plan::JobPlan& plan) {
  plans.push_back(plan);
  if (refuse_at == std::to_string(plans.size())) {
    return tl::unexpected(Error{.code = "E109", .message = "no more"});
  }
  stops_ = 0;
  at_submission();
  if (stops_ > 0) return tl::unexpected(Error{.code = "E121", .message = "stopped before it began"});
  begin_ = SystemClock().now();
  return {};
}

Result<plan::JobDescription> ScriptedJobs::describe(const std::string&) {
  return plan::JobDescription{};
}

Result<void> ScriptedJobs::stop(const std::string&) {
  const std::lock_guard lock(mutex_);
  if (++stops_ == 1) stop_time_ = SystemClock().now();
  asked_.notify_all();
  return {};
}

Result<plan::JobDescription> ScriptedJobs::follow(const std::string&, plan::JobObserver& observer) {
  const plan::JobPlan& plan = plans.back();
  fs::remove_all(folder_);
  const ProgramStart start{.folder = folder_,
                           .checkpoints = *storage::file_uri_path(plan.checkpoint->uri),
                           .config = *storage::file_uri_path(plan.channels.at(0).uri),
                           .name = storage::file_uri_path(plan.record_uri)->filename(),
                           .log = [&](const std::string& line) { observer.on_log("algo-1", line, {}); },
                           .stopped_within =
                               [this](std::chrono::milliseconds time) {
                                 std::unique_lock lock(mutex_);
                                 return asked_.wait_for(lock, time, [this] { return stops_ > 0; });
                               }};
  const int exit_code = program_(start);
  return description(exit_code, SystemClock().now());
}

plan::JobDescription ScriptedJobs::description(int exit_code, WallTime end) {
  using plan::JobStatus;
  const std::lock_guard lock(mutex_);
  plan::JobDescription job;
  job.status = stops_ > 0 ? JobStatus::Stopped : exit_code == 0 ? JobStatus::Completed : JobStatus::Failed;
  job.secondary_status = plan::to_string(job.status);
  if (job.status == JobStatus::Failed) job.failure_reason = "exit code " + std::to_string(exit_code);
  if (stops_ > 0) job.transitions.push_back({"Stopping", stop_time_, end, ""});
  job.training_start_time = begin_;
  job.training_end_time = end;
  job.hosts = {{"algo-1", exit_code}};
  job.model_artifacts_uri = pack("model");
  job.output_artifacts_uri = pack("output");
  return job;
}

std::string ScriptedJobs::pack(const std::string& name) const {
  if (!fs::exists(folder_ / name)) return {};
  const std::string uri = plans.back().output_uri + "/" + name + ".tar.gz";
  const fs::path archive = *storage::file_uri_path(uri);
  fs::create_directories(archive.parent_path());
  const auto written = storage::write_archive({{.label = "algo-1", .folder = folder_ / name}}, archive);
  return written ? uri : "";
}

}  // namespace smflow::rehearsal
