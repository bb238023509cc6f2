#include "status_history.hpp"

namespace smflow::engine {

StatusHistory::StatusHistory(std::string job_name, const Clock& clock) : clock_(clock) {
  description_.job_name = std::move(job_name);
  description_.creation_time = clock.now();
}

void StatusHistory::close_last(WallTime now) {
  if (!description_.transitions.empty()) description_.transitions.back().end = now;
}

void StatusHistory::enter(const std::string& status, const std::string& message) {
  const std::lock_guard lock(mutex_);
  const WallTime now = clock_.now();
  close_last(now);
  description_.secondary_status = status;
  if (status == "Training") description_.training_start_time = now;
  if (status == "Stopping") description_.status = plan::JobStatus::Stopping;
  description_.transitions.push_back({status, now, std::nullopt, message});
}

void StatusHistory::end(plan::JobStatus status, const std::string& secondary_status, const std::string& message) {
  const std::lock_guard lock(mutex_);
  const WallTime now = clock_.now();
  close_last(now);
  description_.status = status;
  description_.secondary_status = secondary_status;
  description_.transitions.push_back({secondary_status, now, now, message});
}

plan::JobDescription StatusHistory::description() const {
  const std::lock_guard lock(mutex_);
  return description_;
}

}  // namespace smflow::engine
