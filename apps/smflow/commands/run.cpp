#include "job_loading.hpp"
#include "project_folder.hpp"
#include "record_input.hpp"
#include "run_flows.hpp"

#include <algorithm>
#include <optional>

#include <CLI/CLI.hpp>

#include <smflow/base/files.hpp>
#include <smflow/base/text.hpp>
#include <smflow/contract/contract.hpp>
#include <smflow/contract/debugging.hpp>

namespace smflow::cli {

namespace {

struct RunOptions {
  ConfigOptions configs;
  bool dry_run = false;
  bool detach = false;
  bool no_check = false;
  std::string resume_from;
  std::optional<std::string> debug;  // the host, empty for the first
  bool debugpy = false;
};

// The folder of an earlier job's checkpoints is beside this job's.
void resume_from(plan::JobPlan& job, const std::string& earlier) {
  if (earlier.empty() || !job.checkpoint) return;
  if (!is_safe_relative_path(earlier) || earlier.find('/') != std::string::npos) {
    throw CommandFailure(no_checkpoints(earlier, "it is not the name of a job"));
  }
  job.checkpoint->uri = job.checkpoint->uri.substr(0, job.checkpoint->uri.rfind('/') + 1) + earlier;
}

// Here the launcher gives the program its console; on SageMaker the container's own environment asks for it, and the
// platform opens the way in.
void debug(plan::JobPlan& job, const plan::JobConfigs& configs, const RunOptions& options) {
  if (!options.debug && !options.debugpy) return;
  const std::vector<std::string> hosts = contract::host_names(job.instance_count);
  const std::string host = options.debug && !options.debug->empty() ? *options.debug : hosts.front();
  if (std::find(hosts.begin(), hosts.end(), host) == hosts.end()) {
    throw CommandFailure(Error{.code = "E380",
                               .exit = ExitCode::usage,
                               .message = "--debug: the job has no host '" + host + "'",
                               .fix = "one of: " + join(hosts, ", ")});
  }
  if (job.target != plan::Target::sagemaker) {
    job.local.debug = plan::Debug{.host = host, .debugpy = options.debugpy, .sources = project_folder()};
    return;
  }
  if (options.debugpy) {
    throw CommandFailure(
        Error{.code = "E380",
              .exit = ExitCode::usage,
              .message = "--debugpy: nothing reaches a port of a job on SageMaker",
              .fix = "smflow run --debug, then smflow attach and in its shell: train console; or debug a local job"});
  }
  using namespace contract::debugging;
  job.platform.remote_debug = true;
  job.environment[mode_variable] = mode_wait;
  job.environment[debugged_host_variable] = host;
  if (auto errors = plan::limit_errors(configs, job); !errors.empty()) throw CommandFailure(std::move(errors));
}

int run(Session& session, const RunOptions& options) {
  plan::JobConfigs configs = read_configs(options.configs);
  SystemRandom random;
  auto plan = plan::make_plan(configs, SystemClock().now(), random);
  if (!plan) throw CommandFailure(std::move(plan).error());
  resume_from(plan->job, options.resume_from);
  debug(plan->job, configs, options);
  records::RecordInput record = record_input(session, options.configs, configs, *plan);
  const PlannedRun run{.configs = std::move(configs),
                       .plan = *std::move(plan),
                       .record = std::move(record),
                       .resumed = options.resume_from,
                       .dry_run = options.dry_run,
                       .detach = options.detach,
                       .check = !options.no_check};
  return start(session, run);
}

}  // namespace

void add_run(CLI::App& app, Session& session) {
  auto options = std::make_shared<RunOptions>();
  CLI::App* command = app.add_subcommand(
      "run", help_text("Start the training job that the config files describe, and follow it to its end.",
                       {"smflow run --config configs/sagemaker_config.yaml",
                        "smflow run --config FILE --set SAGEMAKER.INSTANCE_TYPE=local --set LOCAL.ENGINE=process",
                        "smflow run --config FILE --set-training TRAINING.NUM_EPOCHS=2",
                        "smflow run --config FILE --set SAGEMAKER.INSTANCE_TYPE=ml.g5.xlarge   # the same on SageMaker",
                        "smflow run --config FILE --debug                  # its program waits for smflow attach",
                        "smflow run --config FILE --detach                 # submit to SageMaker and return",
                        "smflow run --config FILE --dry-run                # what would be sent; nothing is started"}));
  add_config_options(*command, options->configs);
  command->add_flag("-n,--dry-run", options->dry_run, "Print the plan or the request as JSON; start and write nothing");
  command->add_flag("--detach", options->detach, "Return when SageMaker has accepted the job, and do not follow it");
  command->add_flag("--no-check", options->no_check, "Send a job to SageMaker without the checks of smflow check");
  command->add_option("--resume-from", options->resume_from, "Go on from the checkpoints of this earlier job")
      ->type_name("JOB");
  const auto set_debug = [options](const std::vector<std::string>& hosts) {
    options->debug = hosts.empty() ? "" : hosts.front();
    return true;
  };
  command->add_option("--debug", set_debug, "Let the program of this host, or the first, wait for smflow attach")
      ->type_name("[HOST]")
      ->expected(0, 1);
  command->add_flag("--debugpy", options->debugpy, "Let a program in Python wait for a client of debugpy");
  add_json_option(*command, session);
  command->callback([&session, options] { session.action = [&session, options] { return run(session, *options); }; });
}

}  // namespace smflow::cli
