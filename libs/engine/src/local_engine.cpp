#include "job.hpp"

#include <smflow/engine/local_engine.hpp>

namespace smflow::engine {

namespace {

Error no_job(const std::string& job_name) {
  return {.code = "E106",
          .exit = ExitCode::not_found,
          .message = "there is no local job named '" + job_name + "'",
          .fix = "check the name: smflow runs list shows those of this config"};
}

}  // namespace

LocalEngine::LocalEngine(LocalEngineOptions options) : options_(std::move(options)) {}
LocalEngine::~LocalEngine() = default;

Result<void> LocalEngine::submit(const plan::JobPlan& plan) {
  const std::stop_token stop = early_stop(plan.job_name);
  const auto job = Job::start(plan, options_, stop);
  {
    const std::lock_guard lock(mutex_);
    early_stops_.erase(plan.job_name);
    if (job) jobs_.insert_or_assign(plan.job_name, *job);
  }
  if (!job) return tl::unexpected(stop.stop_requested() ? stopped_early(plan.job_name) : job.error());
  if (stop.stop_requested()) (*job)->stop();
  return {};
}

std::stop_token LocalEngine::early_stop(const std::string& job_name) {
  const std::lock_guard lock(mutex_);
  return early_stops_[job_name].get_token();
}

Result<std::shared_ptr<Job>> LocalEngine::find(const std::string& job_name) {
  const std::lock_guard lock(mutex_);
  const auto found = jobs_.find(job_name);
  if (found != jobs_.end()) return found->second;
  return tl::unexpected(no_job(job_name));
}

Result<plan::JobDescription> LocalEngine::describe(const std::string& job_name) {
  return find(job_name).map([](const std::shared_ptr<Job>& job) { return job->describe(); });
}

Result<void> LocalEngine::stop(const std::string& job_name) {
  auto job = [&]() -> std::shared_ptr<Job> {
    const std::lock_guard lock(mutex_);
    const auto found = jobs_.find(job_name);
    if (found != jobs_.end()) return found->second;
    early_stops_[job_name].request_stop();
    return nullptr;
  }();
  if (!job) return tl::unexpected(no_job(job_name));
  job->stop();
  return {};
}

Result<plan::JobDescription> LocalEngine::follow(const std::string& job_name, plan::JobObserver& observer) {
  return find(job_name).map([&](const std::shared_ptr<Job>& job) { return job->follow(observer); });
}

}  // namespace smflow::engine
