#pragma once

#include <condition_variable>
#include <mutex>
#include <set>
#include <string>

#include <smflow/base/clock.hpp>
#include <smflow/base/json.hpp>
#include <smflow/plan/training_service.hpp>

namespace smflow::emulator {

class FixedClock : public Clock {
 public:
  WallTime now() const override { return time; }
  SteadyTime steady_now() const override { return {}; }
  WallTime time{std::chrono::milliseconds(1'700'000'000'000)};
};

// Jobs that run until finish() or stop(), or cannot be submitted.
class ScriptedService : public plan::TrainingService {
 public:
  Result<void> submit(const plan::JobPlan& plan) override {
    if (refuse) return tl::unexpected(Error{.code = "E101", .message = "no such data"});
    const std::lock_guard lock(mutex_);
    last_plan = plan;
    return {};
  }
  Result<plan::JobDescription> describe(const std::string& name) override {
    plan::JobDescription job;
    job.job_name = name;
    job.secondary_status = "Training";
    job.transitions = {{"Training", clock.time, {}, ""}};
    return job;
  }
  Result<void> stop(const std::string& name) override {
    const std::lock_guard lock(mutex_);
    ++stops;
    done_.insert(name);
    changed_.notify_all();
    return {};
  }
  Result<plan::JobDescription> follow(const std::string& name, plan::JobObserver& observer) override {
    observer.on_log("algo-1", "loss=0.5", clock.time);
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return done_.contains(name); });
    plan::JobDescription job;
    job.job_name = name;
    job.status = stops > 0 ? plan::JobStatus::Stopped : plan::JobStatus::Completed;
    job.secondary_status = plan::to_string(job.status);
    job.transitions = {{job.secondary_status, clock.time, clock.time, ""}};
    return job;
  }
  void finish(const std::string& name) {
    const std::lock_guard lock(mutex_);
    done_.insert(name);
    changed_.notify_all();
  }

  FixedClock clock;
  bool refuse = false;
  int stops = 0;
  plan::JobPlan last_plan;

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::set<std::string> done_;
};

inline Json create_request(const std::string& name = "demo") {
  return {{"TrainingJobName", name},
          {"RoleArn", "arn:aws:iam::111122223333:role/train"},
          {"AlgorithmSpecification", {{"TrainingImage", "demo:1"}, {"TrainingInputMode", "File"}}},
          {"OutputDataConfig", {{"S3OutputPath", "s3://bucket/out"}}},
          {"ResourceConfig", {{"InstanceType", "ml.c5.xlarge"}, {"InstanceCount", 1}, {"VolumeSizeInGB", 30}}},
          {"StoppingCondition", {{"MaxRuntimeInSeconds", 3600}}}};
}

}  // namespace smflow::emulator
