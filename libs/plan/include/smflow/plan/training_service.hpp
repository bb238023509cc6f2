#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <smflow/base/clock.hpp>
#include <smflow/base/error.hpp>
#include <smflow/plan/job_plan.hpp>

namespace smflow::plan {

// TrainingJobStatus in SageMaker's words. A job that is Deleting has ended, and its description is about to go.
enum class JobStatus { InProgress, Stopping, Completed, Failed, Stopped, Deleting };

struct StatusTransition {
  std::string status;  // secondary: Starting, Downloading, Training, Uploading, Stopping, Completed, Failed, Stopped,
                       // MaxRuntimeExceeded
  WallTime start;
  std::optional<WallTime> end;  // none while it lasts
  std::string message;
};

struct HostExit {
  std::string host;
  int exit_code = 0;  // 128 + n when killed by signal n
};

struct JobDescription {
  std::string job_name;
  std::string arn = {};  // empty where there is none
  int instance_count = 1;
  JobStatus status = JobStatus::InProgress;
  std::string secondary_status;
  std::string failure_reason;  // at most 1024 characters, empty unless Failed
  std::vector<StatusTransition> transitions;
  WallTime creation_time;
  std::optional<WallTime> training_start_time;
  std::optional<WallTime> training_end_time;
  std::optional<std::chrono::seconds> training_time = {};  // of one instance, like the next
  std::optional<std::chrono::seconds> billable_time = {};  // with spot less than training_time
  std::string model_artifacts_uri;   // .../output/model.tar.gz or .../output/model/; empty when there is none
  std::string output_artifacts_uri;  // .../output/output.tar.gz or .../output/data/; empty when there is none
  std::vector<HostExit> hosts;       // what the platform does not tell is left out
};

bool is_terminal(JobStatus status);
const char* to_string(JobStatus status);

// What happens to a job, as it happens. Called from the thread that follows the job, never from two at once.
class JobObserver {
 public:
  virtual ~JobObserver() = default;
  virtual void on_status(const StatusTransition& transition) = 0;
  // One line of a host's log without its newline, as the program wrote it: it may hold any bytes. `time` is when the
  // platform took it.
  virtual void on_log(std::string_view host, std::string_view line, WallTime time) = 0;
  // What people may want to know of the following itself: a lost connection, logs that may not be read.
  virtual void on_notice(std::string_view text) { static_cast<void>(text); }
};

// Passes everything on: for what looks at a part of it.
class ForwardingObserver : public JobObserver {
 public:
  // `next` lives longer.
  explicit ForwardingObserver(JobObserver& next) : next_(next) {}
  void on_status(const StatusTransition& transition) override { next_.on_status(transition); }
  void on_log(std::string_view host, std::string_view line, WallTime time) override { next_.on_log(host, line, time); }
  void on_notice(std::string_view text) override { next_.on_notice(text); }

 private:
  JobObserver& next_;
};

class SilentObserver : public JobObserver {
 public:
  void on_status(const StatusTransition&) override {}
  void on_log(std::string_view, std::string_view, WallTime) override {}
};

// Where jobs run: SageMaker or this machine. Following, recording and reporting are written once against this.
class TrainingService {
 public:
  virtual ~TrainingService() = default;

  // Accepts the job, or says why not. Error E14x (conflict) when the name is taken.
  virtual Result<void> submit(const JobPlan& plan) = 0;
  virtual Result<JobDescription> describe(const std::string& job_name) = 0;
  // Asks the job to stop: SIGTERM to every host, SIGKILL after the grace period. A second call kills at once. Returns
  // without waiting. May be called from any thread and from a signal handler's deferred code while `follow` runs.
  virtual Result<void> stop(const std::string& job_name) = 0;
  // Reports status changes and log lines until the job has ended and its artifacts are in place.
  virtual Result<JobDescription> follow(const std::string& job_name, JobObserver& observer) = 0;
};

}  // namespace smflow::plan
