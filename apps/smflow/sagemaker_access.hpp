#pragma once

#include "aws_access.hpp"
#include "interrupts.hpp"
#include "run_summary.hpp"

#include <functional>

#include <smflow/sagemaker/sagemaker_service.hpp>

namespace smflow::cli {

// A service on this machine, like the emulator, costs nothing to ask and its logs are not late.
sagemaker::FollowOptions with_pacing(sagemaker::FollowOptions options, const aws::Client& client);

// SageMaker for one command. The first SIGINT, SIGTERM or SIGHUP detaches from a job that is followed.
class SageMakerAccess {
 public:
  SageMakerAccess(AwsAccess& access, sagemaker::FollowOptions options, plan::Caller caller = {},
                  plan::RunTags tags = {});

  sagemaker::SageMakerService& service() { return service_; }
  // Whether following shows every line of every host.
  bool shows_all_lines() const { return shows_all_lines_; }
  int first_signal() const { return interrupts_.first_signal(); }
  // Ends at the first signal, for transfers of the command.
  std::stop_token detached() const { return detach_.get_token(); }

 private:
  const bool shows_all_lines_;
  std::stop_source detach_;
  Interrupts interrupts_;
  sagemaker::AwsTrainingApi training_;
  sagemaker::CloudWatchLogSource logs_;
  sagemaker::SageMakerService service_;
};

// A job that was followed to its end.
struct Followed {
  plan::JobDescription job;
  Places places;
  std::vector<Error> warnings = {};
};
using Follow = std::function<Result<Followed>(plan::JobObserver& view)>;

// Shows a job while `follow` follows it, and its summary at the end; the exit code of the command. After a signal the
// job goes on, and people are told how to come back to it.
int show_to_the_end(Session& session, Screen& screen, SageMakerAccess& sagemaker, const std::string& job,
                    bool several_hosts, const Follow& follow);

// A job on SageMaker by its name: what the commands for one job have in common.
struct JobOptions {
  std::string name;
  AwsOptions aws;
};
void add_job_options(CLI::App& command, JobOptions& options);

// Follows a job that was submitted earlier to its end, with its summary; the exit code of the command.
int follow_job(Session& session, const std::string& name, AwsAccess& access, sagemaker::FollowOptions follow);
// The same for a job that has been described.
int follow_job(Session& session, Screen& screen, AwsAccess& access, SageMakerAccess& sagemaker,
               plan::JobDescription job);

}  // namespace smflow::cli
