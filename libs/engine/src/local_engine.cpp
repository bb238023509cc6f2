#include "job.hpp"

#include <smflow/engine/local_engine.hpp>

namespace smflow::engine {

LocalEngine::LocalEngine(LocalEngineOptions options) : options_(std::move(options)) {}
LocalEngine::~LocalEngine() = default;

Result<void> LocalEngine::submit(const plan::JobPlan& plan) {
  auto job = Job::start(plan, options_);
  if (!job) return tl::unexpected(std::move(job).error());
  const std::lock_guard lock(mutex_);
  jobs_.insert_or_assign(plan.job_name, *std::move(job));
  return {};
}

Result<std::shared_ptr<Job>> LocalEngine::find(const std::string& job_name) {
  const std::lock_guard lock(mutex_);
  const auto found = jobs_.find(job_name);
  if (found != jobs_.end()) return found->second;
  return tl::unexpected(
      Error{.code = "E106", .exit = ExitCode::not_found, .message = "there is no local job named '" + job_name + "'"});
}

Result<plan::JobDescription> LocalEngine::describe(const std::string& job_name) {
  return find(job_name).map([](const std::shared_ptr<Job>& job) { return job->describe(); });
}

Result<void> LocalEngine::stop(const std::string& job_name) {
  return find(job_name).map([](const std::shared_ptr<Job>& job) { job->stop(); });
}

Result<plan::JobDescription> LocalEngine::follow(const std::string& job_name, plan::JobObserver& observer) {
  return find(job_name).map([&](const std::shared_ptr<Job>& job) { return job->follow(observer); });
}

}  // namespace smflow::engine
