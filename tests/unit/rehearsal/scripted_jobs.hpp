#pragma once

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include <smflow/plan/training_service.hpp>

namespace smflow::rehearsal {

// What a program of a test is given.
struct ProgramStart {
  std::filesystem::path folder;       // with model/ and output/, which become archives
  std::filesystem::path checkpoints;  // restored and synced
  std::filesystem::path config;       // the channel `config`
  std::string name;                   // "reference", "start-1", ...
  std::function<void(const std::string&)> log;
  // Sleeps; true when the program is asked to stop meanwhile.
  std::function<bool(std::chrono::milliseconds)> stopped_within;
};

// Runs a function of the test as an engine runs a program; its result is the exit code.
class ScriptedJobs : public plan::TrainingService {
 public:
  using Program = std::function<int(const ProgramStart&)>;
  ScriptedJobs(std::filesystem::path folder, Program program);

  Result<void> submit(const plan::JobPlan& plan) override;
  Result<plan::JobDescription> describe(const std::string& job_name) override;
  Result<void> stop(const std::string& job_name) override;
  Result<plan::JobDescription> follow(const std::string& job_name, plan::JobObserver& observer) override;

  std::vector<plan::JobPlan> plans;  // in the order of their submission
  std::string refuse_at = {};        // the number of the submission that is refused: "2"
  std::function<void()> at_submission = [] {};

 private:
  plan::JobDescription description(int exit_code, WallTime end);
  std::string pack(const std::string& name) const;

  const std::filesystem::path folder_;
  const Program program_;
  std::mutex mutex_;
  std::condition_variable asked_;
  int stops_ = 0;
  WallTime begin_;
  WallTime stop_time_;
};

}  // namespace smflow::rehearsal
