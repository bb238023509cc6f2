#pragma once

#include "checkpoint_sync.hpp"
#include "credentials_pipe.hpp"
#include "failure.hpp"
#include "host_log.hpp"
#include "inputs.hpp"
#include "pipe_channel.hpp"
#include "status_history.hpp"

#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include <smflow/engine/job_folder.hpp>
#include <smflow/engine/local_engine.hpp>

namespace smflow::engine {

Error stopped_early(const std::string& job_name);

// One job from its start to its end. stop() and describe() may be called from any thread while follow() runs.
class Job {
 public:
  // `stop` ends the preparation; once the program runs it does nothing.
  static Result<std::shared_ptr<Job>> start(const plan::JobPlan& plan, const LocalEngineOptions& options,
                                            std::stop_token stop);
  ~Job();
  Job(const Job&) = delete;
  Job& operator=(const Job&) = delete;

  plan::JobDescription follow(plan::JobObserver& observer);
  plan::JobDescription describe() const { return history_.description(); }
  void stop();

 private:
  // How the job ended, as far as is known.
  struct Outcome {
    plan::JobStatus status = plan::JobStatus::Completed;
    std::string secondary_status = "Completed";
    std::string reason;
  };

  Job(const plan::JobPlan& plan, const LocalEngineOptions& options, JobFolder folder);

  Result<void> prepare(const std::stop_token& stop);
  Result<std::vector<Input>> get_inputs();
  Result<JobOrder> make_order();
  Result<void> add_input(const plan::Channel& channel, const Input& input, JobOrder& order);
  Result<void> restore_checkpoints(const JobOrder& order);
  Result<void> give_credentials(const JobOrder& order);
  Result<void> start_hosts(const JobOrder& order);

  void pump(plan::JobObserver& observer);
  void handle(const HostEvent& event);
  void host_exited(const HostEvent& event);
  void report(plan::JobObserver& observer);
  void note_stopping();
  void lose_data(const std::string& reason);
  bool is_told_to_stop() const { return stops_ > 0 || !lost_data_.empty(); }  // with the mutex, or after the hosts
  void end_hosts();

  Outcome outcome() const;
  void save_results(Outcome& outcome, plan::JobObserver& observer);
  Result<void> save_checkpoints();
  Result<void> save_artifacts();
  Result<void> save_logs();

  const plan::JobPlan plan_;
  const LocalEngineOptions options_;
  const std::vector<std::string> names_;  // of the hosts
  StatusHistory history_;
  std::size_t reported_ = 0;  // transitions the observer has seen

  std::optional<JobFolder> folder_;
  std::optional<CheckpointSync> checkpoints_;
  std::vector<std::unique_ptr<PipeChannel>> pipes_;
  std::vector<std::unique_ptr<CredentialsPipe>> credentials_;
  std::vector<HostLog> logs_;
  std::optional<HostFailure> failure_;
  bool timed_out_ = false;
  bool ended_ = false;   // the hosts said so, or are gone
  std::string not_had_;  // why not all that the job left could be had from its hosts

  std::mutex mutex_;  // guards the members below, for other threads than that of follow()
  std::unique_ptr<Hosts> hosts_;
  int stops_ = 0;          // that the user asked for
  std::string lost_data_;  // why a channel ended early
  UniqueFd wake_;          // readable after stop()
};

}  // namespace smflow::engine
