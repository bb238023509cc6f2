// Any bytes as the body of a request to the emulator, where one job has ended; the first one chooses the operation.
#include "require.hpp"
#include "router.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

#include <smflow/base/text.hpp>

namespace {

using namespace smflow;

class SameClock : public Clock {
 public:
  WallTime now() const override { return WallTime{std::chrono::seconds{1'700'000'000}}; }
  SteadyTime steady_now() const override { return {}; }
};

// Jobs that end as soon as they start.
class ShortJobs : public plan::TrainingService {
 public:
  Result<void> submit(const plan::JobPlan&) override { return {}; }
  Result<plan::JobDescription> describe(const std::string& name) override { return ended(name); }
  Result<void> stop(const std::string&) override { return {}; }
  Result<plan::JobDescription> follow(const std::string& name, plan::JobObserver& observer) override {
    observer.on_log("algo-1", "loss=0.5", {});
    return ended(name);
  }

 private:
  static plan::JobDescription ended(const std::string& name) {
    plan::JobDescription job;
    job.job_name = name;
    job.status = plan::JobStatus::Completed;
    job.secondary_status = "Completed";
    job.transitions = {{"Completed", SameClock().now(), SameClock().now(), ""}};
    return job;
  }
};

constexpr const char* first_job = R"json({"TrainingJobName": "demo",
  "RoleArn": "arn:aws:iam::111122223333:role/train",
  "AlgorithmSpecification": {"TrainingImage": "demo:1", "TrainingInputMode": "File",
    "MetricDefinitions": [{"Name": "loss", "Regex": "loss=([0-9.]+)"}]},
  "OutputDataConfig": {"S3OutputPath": "s3://bucket/out"},
  "ResourceConfig": {"InstanceType": "ml.c5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30},
  "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
  "HyperParameters": {"a.b": "1"}, "Tags": [{"Key": "team", "Value": "red"}]})json";

constexpr std::array targets = {
    "SageMaker.CreateTrainingJob",
    "SageMaker.DescribeTrainingJob",
    "SageMaker.StopTrainingJob",
    "SageMaker.ListTrainingJobs",
    "SageMaker.Search",
    "SageMaker.AddTags",
    "SageMaker.ListTags",
    "SageMaker.DeleteTags",
    "Logs_20140328.DescribeLogStreams",
    "Logs_20140328.GetLogEvents",
    "Logs_20140328.FilterLogEvents",
    "SageMaker.Other",
};

emulator::HttpAnswer send(emulator::Router& router, const std::string& target, std::string body) {
  return router.answer({.method = "POST",
                        .target = "/",
                        .headers = {{"Host", "127.0.0.1"}, {"X-Amz-Target", target}},
                        .body = std::move(body)});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const SameClock clock;
  ShortJobs service;
  emulator::LogStore logs(clock);
  logs.append("demo/algo-1-1700000000", "loss=0.5");
  emulator::JobTable jobs(service, logs, clock, {});
  emulator::TrainingApi training(jobs, {});
  const emulator::LogsApi logs_api(logs);
  emulator::Router router(training, logs_api, {});
  fuzz::require(send(router, targets[0], first_job).status == 200, "the first job is taken");

  const emulator::HttpAnswer answer =
      send(router, targets[data[0] % targets.size()], {reinterpret_cast<const char*>(data) + 1, size - 1});
  fuzz::require(answer.status == 200 || answer.status == 400, "the request is taken or refused");
  fuzz::require(answer.body.empty() || parse_json(answer.body.text(), "the answer"), "an answer is JSON");
  fuzz::require(send(router, "SageMaker.ListTrainingJobs", "{}").status == 200, "the jobs can still be listed");
  return 0;
}
