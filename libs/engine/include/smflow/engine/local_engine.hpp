#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include <smflow/base/clock.hpp>
#include <smflow/engine/hosts.hpp>
#include <smflow/plan/training_service.hpp>
#include <smflow/storage/store.hpp>

namespace smflow::engine {

using StoreOpener = std::function<Result<std::unique_ptr<storage::Store>>(std::string_view uri)>;

// The caller's AWS credentials as variables: AWS_ACCESS_KEY_ID and so on.
using CredentialSource = std::function<Result<std::map<std::string, std::string>>()>;

struct LocalEngineOptions {
  std::shared_ptr<HostKind> kind;
  const Clock* clock;  // lives longer than the engine; status times only
  StoreOpener open_store = storage::open_store;
  StoreOpener open_input = {};  // for the channels; none: open_store
  std::chrono::milliseconds checkpoint_interval{30'000};
  CredentialSource credentials = {};  // for jobs that get the caller's; none: such a job is refused
};

class Job;

// Runs training jobs on this machine: plays the part of the platform for the entrypoint (Amazon SageMaker Developer
// Guide, "How Amazon SageMaker runs your training image"), on hosts of one kind.
//
// A job lives as long as the engine that started it. Its folders below plan.local.work_directory are removed when it
// ends, or at the next submit there.
class LocalEngine : public plan::TrainingService {
 public:
  explicit LocalEngine(LocalEngineOptions options);
  ~LocalEngine() override;
  LocalEngine(const LocalEngine&) = delete;
  LocalEngine& operator=(const LocalEngine&) = delete;

  // Starts the job: its program runs when this returns. Errors E101 to E107 for a plan that cannot run here, E110 when
  // the work directory cannot be used, E121 when the job was stopped before that, E140 when the name is taken, and
  // those of the kind of hosts.
  Result<void> submit(const plan::JobPlan& plan) override;
  // E106 (not found) for a job that this engine has not started.
  Result<plan::JobDescription> describe(const std::string& job_name) override;
  // Nothing happens when the job has ended already. E106 for a job that does not run yet: its submit will fail.
  Result<void> stop(const std::string& job_name) override;
  // To be called for every job, once: reads its logs (a program whose log nobody reads waits), and saves what it
  // leaves.
  Result<plan::JobDescription> follow(const std::string& job_name, plan::JobObserver& observer) override;

 private:
  Result<std::shared_ptr<Job>> find(const std::string& job_name);
  std::stop_token early_stop(const std::string& job_name);

  LocalEngineOptions options_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<Job>> jobs_;
  std::map<std::string, std::stop_source> early_stops_;  // of jobs that do not run yet
};

// Removes the folders of jobs in `work_directory` whose launcher is gone; their paths.
std::vector<std::string> remove_leftovers(const std::filesystem::path& work_directory);

}  // namespace smflow::engine
