#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include <smflow/base/clock.hpp>
#include <smflow/base/terminal.hpp>
#include <smflow/plan/training_service.hpp>
#include <smflow/storage/store.hpp>

namespace smflow::engine {

using StoreOpener = std::function<Result<std::unique_ptr<storage::Store>>(std::string_view uri)>;

struct ProcessEngineOptions {
  std::filesystem::path entrypoint;  // the program `train`, run as the container's first process
  const Clock* clock;                // lives longer than the engine; status times only
  StoreOpener open_store = storage::open_store;
  EnvironmentLookup environment = environment_variable;  // the caller's
  std::chrono::milliseconds checkpoint_interval{30'000};
};

class Job;

// Runs training jobs as processes of this machine, in a sandbox where /opt/ml is really /opt/ml: plays the part of the
// platform for the entrypoint (Amazon SageMaker Developer Guide, "How Amazon SageMaker runs your training image").
//
// A job lives as long as the engine that started it: when the engine goes, also by kill -9, every process of the job is
// gone within a second. Its folders below plan.local.work_directory are removed when it ends, or at the next submit
// there. A program that runs jobs calls run_if_sandbox() first thing in main.
class ProcessEngine : public plan::TrainingService {
 public:
  explicit ProcessEngine(ProcessEngineOptions options);
  ~ProcessEngine() override;
  ProcessEngine(const ProcessEngine&) = delete;
  ProcessEngine& operator=(const ProcessEngine&) = delete;

  // Starts the job: its program runs when this returns. Errors E100 to E105 for a plan that cannot run here, E109 when
  // this machine refuses, E110 when the work directory cannot be used, E140 when the name is taken.
  Result<void> submit(const plan::JobPlan& plan) override;
  // E106 (not found) for a job that this engine has not started.
  Result<plan::JobDescription> describe(const std::string& job_name) override;
  // Nothing happens when the job has ended already.
  Result<void> stop(const std::string& job_name) override;
  // To be called for every job, once: reads its logs (a program whose log nobody reads waits), and saves what it
  // leaves.
  Result<plan::JobDescription> follow(const std::string& job_name, plan::JobObserver& observer) override;

 private:
  Result<std::shared_ptr<Job>> find(const std::string& job_name);

  ProcessEngineOptions options_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<Job>> jobs_;
};

}  // namespace smflow::engine
