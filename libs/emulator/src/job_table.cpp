#include "job_table.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <smflow/contract/contract.hpp>

namespace smflow::emulator {

using plan::JobStatus;

// Sends a job's log lines where they are kept and searched. Streams are named as on the platform.
class JobTable::Follower : public plan::JobObserver {
 public:
  Follower(Job& job, LogStore& logs, const Clock& clock) : job_(job), logs_(logs) {
    start_ = std::chrono::duration_cast<std::chrono::seconds>(clock.now().time_since_epoch()).count();
  }

  void on_status(const plan::StatusTransition&) override {}
  void on_log(std::string_view host, std::string_view line, WallTime time) override {
    logs_.append(fmt::format("{}/{}-{}", job_.plan.job_name, host, start_), line);
    job_.metrics->read(line, time);
  }

 private:
  Job& job_;
  LogStore& logs_;
  std::int64_t start_;
};

WallTime JobState::modified() const {
  if (description.transitions.empty()) return created;
  const plan::StatusTransition& last = description.transitions.back();
  return last.end.value_or(last.start);
}

JobTable::~JobTable() {
  // Asking a second time would kill.
  if (!closed_) stop_all();
  wait_all();
}

tl::expected<void, ServiceError> JobTable::create(Json request, std::string arn, Tags tags, plan::JobPlan plan) {
  const std::lock_guard lock(mutex_);
  join_ended();
  if (const auto taken = jobs_.find(plan.job_name); taken != jobs_.end()) {
    return tl::unexpected(ServiceError{"ResourceInUse",
                                       "Training job names must be unique within an AWS account and "
                                       "region, and '" +
                                           taken->second->state.arn + "' exists already"});
  }
  const auto running = std::count_if(jobs_.begin(), jobs_.end(), [](const auto& one) { return !one.second->ended; });
  if (closed_ || static_cast<std::size_t>(running) >= limits_.running || jobs_.size() >= limits_.jobs) {
    return tl::unexpected(ServiceError{
        "ResourceLimitExceeded", fmt::format("smflow emulator: {} of at most {} jobs are running, and {} of at most {} "
                                             "names are taken",
                                             running, limits_.running, jobs_.size(), limits_.jobs)});
  }
  auto job = std::make_unique<Job>();
  job->metrics = std::make_unique<Metrics>(plan.metric_definitions);
  job->plan = std::move(plan);
  const WallTime now = clock_.now();
  JobState& state = job->state;
  state.request = std::move(request);
  state.arn = std::move(arn);
  state.tags = std::move(tags);
  state.number = jobs_.size();
  state.created = now;
  state.description.job_name = job->plan.job_name;
  state.description.secondary_status = "Starting";
  state.description.creation_time = now;
  state.description.transitions = {{"Starting", now, {}, "preparing the job"}};
  Job& started = *jobs_.emplace(job->plan.job_name, std::move(job)).first->second;
  started.thread = std::thread([this, &started] { work(started); });
  return {};
}

void JobTable::work(Job& job) {
  const auto submitted = service_.submit(job.plan);
  if (!submitted) return fail(job, "ClientError: " + submitted.error().message);
  bool stop = false;
  {
    const std::lock_guard lock(mutex_);
    job.submitted = true;
    stop = job.stop_asked.has_value();
  }
  if (stop) static_cast<void>(service_.stop(job.plan.job_name));
  Follower follower(job, logs_, clock_);
  auto ended = service_.follow(job.plan.job_name, follower);
  if (!ended) return fail(job, "InternalServerError: " + ended.error().message);
  const std::lock_guard lock(mutex_);
  job.state.description = *std::move(ended);
  job.ended = true;
}

void JobTable::fail(Job& job, const std::string& reason) {
  const std::lock_guard lock(mutex_);
  plan::JobDescription& description = job.state.description;
  const WallTime now = clock_.now();
  description.status = JobStatus::Failed;
  description.secondary_status = "Failed";
  description.failure_reason = contract::failure_reason(reason);
  description.transitions.back().end = now;
  description.transitions.push_back({"Failed", now, now, description.failure_reason});
  job.ended = true;
}

// Called with the mutex held; a thread of an ended job has nothing more to do with it.
void JobTable::join_ended() {
  for (auto& [name, job] : jobs_) {
    if (job->ended && job->thread.joinable()) job->thread.join();
  }
}

// Called with the mutex held.
JobState JobTable::state_of(const Job& job) const {
  JobState state = job.state;
  state.metrics = job.metrics->last_values();
  if (!job.ended && job.submitted) {
    if (auto now = service_.describe(job.plan.job_name)) state.description = *std::move(now);
  }
  plan::JobDescription& description = state.description;
  // Until the job's thread has published its end, the job goes on: its artifacts or logs may not be complete.
  if (!job.ended && job.stop_asked && description.status == JobStatus::InProgress) {
    description.status = JobStatus::Stopping;
    description.transitions.back().end = *job.stop_asked;
    description.transitions.push_back({"Stopping", *job.stop_asked, {}, "the job is being stopped"});
  }
  if (description.status == JobStatus::Stopping) description.secondary_status = "Stopping";
  return state;
}

tl::expected<JobState, ServiceError> JobTable::find(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  const auto found = jobs_.find(name);
  if (found == jobs_.end()) return tl::unexpected(validation_error("Requested resource not found."));
  return state_of(*found->second);
}

tl::expected<void, ServiceError> JobTable::stop(const std::string& name) {
  const std::lock_guard lock(mutex_);
  const auto found = jobs_.find(name);
  if (found == jobs_.end()) return tl::unexpected(validation_error("Requested resource not found."));
  Job& job = *found->second;
  if (plan::is_terminal(state_of(job).description.status)) {
    return tl::unexpected(validation_error("the request was rejected because the training job is in status " +
                                           std::string(plan::to_string(state_of(job).description.status))));
  }
  if (job.stop_asked) return {};
  job.stop_asked = clock_.now();
  if (job.submitted) static_cast<void>(service_.stop(name));
  return {};
}

std::vector<JobState> JobTable::all() const {
  const std::lock_guard lock(mutex_);
  std::vector<JobState> states;
  for (const auto& [name, job] : jobs_) states.push_back(state_of(*job));
  std::sort(states.begin(), states.end(), [](const JobState& a, const JobState& b) { return a.number < b.number; });
  return states;
}

void JobTable::stop_all() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  for (auto& [name, job] : jobs_) {
    if (job->ended) continue;
    if (!job->stop_asked) job->stop_asked = clock_.now();
    if (job->submitted) static_cast<void>(service_.stop(name));
  }
}

// After stop_all() no job is added, so the table itself stands still.
void JobTable::wait_all() {
  for (auto& [name, job] : jobs_) {
    if (job->thread.joinable()) job->thread.join();
  }
}

tl::expected<Tags, ServiceError> JobTable::change_tags(const std::string& arn, const Change& change) {
  const std::lock_guard lock(mutex_);
  for (auto& [name, job] : jobs_) {
    if (job->state.arn != arn) continue;
    Tags changed = job->state.tags;
    if (auto done = change(changed); !done) return tl::unexpected(done.error());
    job->state.tags = changed;
    return changed;
  }
  return tl::unexpected(validation_error("there is no training job '" + arn + "'"));
}

}  // namespace smflow::emulator
