#pragma once

#include <mutex>
#include <string>

#include <smflow/base/clock.hpp>
#include <smflow/plan/training_service.hpp>

namespace smflow::engine {

// A job's description as it grows; safe to use from several threads.
class StatusHistory {
 public:
  StatusHistory(std::string job_name, const Clock& clock);

  // The secondary status `status` begins now, and the one before ends.
  void enter(const std::string& status, const std::string& message);
  // The job has ended for good.
  void end(plan::JobStatus status, const std::string& secondary_status, const std::string& message);

  // Changes other members of the description.
  template <class Change>
  void update(Change&& change) {
    const std::lock_guard lock(mutex_);
    change(description_);
  }
  plan::JobDescription description() const;

 private:
  void close_last(WallTime now);

  const Clock& clock_;
  mutable std::mutex mutex_;
  plan::JobDescription description_;
};

}  // namespace smflow::engine
