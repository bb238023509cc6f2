#pragma once

#include "log_store.hpp"
#include "metrics.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <smflow/base/clock.hpp>
#include <smflow/emulator/service_error.hpp>
#include <smflow/plan/training_service.hpp>

namespace smflow::emulator {

using Tags = std::map<std::string, std::string>;

// One job as it is now.
struct JobState {
  Json request;  // without its tags
  std::string arn;
  Tags tags;
  std::uint64_t number = 0;  // jobs count up in the order they were made
  WallTime created;
  plan::JobDescription description;
  std::map<std::string, MetricValue> metrics;

  const std::string& name() const { return request["TrainingJobName"].get_ref<const std::string&>(); }
  WallTime modified() const;
};

struct TableLimits {
  std::size_t running = 8;  // jobs at a time
  std::size_t jobs = 10'000;
};

// The jobs of an emulator's life, each followed on a thread of its own. Safe to use from several threads.
class JobTable {
 public:
  JobTable(plan::TrainingService& service, LogStore& logs, const Clock& clock, TableLimits limits)
      : service_(service), logs_(logs), clock_(clock), limits_(limits) {}
  // Stops every job and waits for their ends.
  ~JobTable();
  JobTable(const JobTable&) = delete;
  JobTable& operator=(const JobTable&) = delete;

  // Takes the job; it starts on its own thread, and fails with a reason when it cannot. ResourceInUse when the name was
  // used before, ResourceLimitExceeded beyond the limits.
  tl::expected<void, ServiceError> create(Json request, std::string arn, Tags tags, plan::JobPlan plan);
  // A ValidationException, as on the service, when there is no job of this name.
  tl::expected<JobState, ServiceError> find(const std::string& name) const;
  // The same when the job has ended; nothing happens when it is being stopped already.
  tl::expected<void, ServiceError> stop(const std::string& name);
  std::vector<JobState> all() const;  // in the order they were made
  // SIGTERM to every job; a second call kills. Jobs that are asked for later are refused.
  void stop_all();
  // Until every job has ended; stop_all() may be called meanwhile.
  void wait_all();

  using Change = std::function<tl::expected<void, ServiceError>(Tags& tags)>;
  tl::expected<Tags, ServiceError> change_tags(const std::string& arn, const Change& change);

 private:
  class Follower;
  struct Job {
    JobState state;
    plan::JobPlan plan;
    std::unique_ptr<Metrics> metrics;
    bool submitted = false;
    bool ended = false;
    std::optional<WallTime> stop_asked;
    std::thread thread;
  };

  void work(Job& job);
  void fail(Job& job, const std::string& reason);
  JobState state_of(const Job& job) const;
  void join_ended();

  plan::TrainingService& service_;
  LogStore& logs_;
  const Clock& clock_;
  const TableLimits limits_;
  mutable std::mutex mutex_;
  std::map<std::string, std::unique_ptr<Job>> jobs_;
  bool closed_ = false;
};

}  // namespace smflow::emulator
