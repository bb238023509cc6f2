#include "job_loading.hpp"
#include "record_input.hpp"
#include "run_flows.hpp"

#include <filesystem>

#include <CLI/CLI.hpp>

#include <smflow/base/files.hpp>

namespace smflow::cli {

namespace {

namespace fs = std::filesystem;

struct RunOptions {
  ConfigOptions configs;
  bool dry_run = false;
  bool detach = false;
  bool no_check = false;
  std::string resume_from;
};

// Checkpoints of an earlier job: its folder beside this job's.
void resume_from(plan::JobPlan& job, const std::string& earlier) {
  if (earlier.empty() || !job.checkpoint) return;
  const std::string uri = job.checkpoint->uri.substr(0, job.checkpoint->uri.rfind('/') + 1) + earlier;
  const auto folder = storage::file_uri_path(uri);
  if (!is_safe_relative_path(earlier) || (folder && !fs::exists(*folder))) {
    throw CommandFailure(Error{.code = "E067",
                               .exit = ExitCode::not_found,
                               .message = "--resume-from: no checkpoints of a job '" + earlier + "' at '" + uri + "'",
                               .fix = "give the whole name of an earlier job of this experiment"});
  }
  job.checkpoint->uri = uri;
}

int run(Session& session, const RunOptions& options) {
  plan::JobConfigs configs = read_configs(options.configs);
  SystemRandom random;
  auto plan = plan::make_plan(configs, SystemClock().now(), random);
  if (!plan) throw CommandFailure(std::move(plan).error());
  resume_from(plan->job, options.resume_from);
  records::RecordInput record = record_input(session, options.configs, configs, *plan);
  const PlannedRun run{.configs = std::move(configs),
                       .plan = *std::move(plan),
                       .record = std::move(record),
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
                        "smflow run --config FILE --detach                 # submit to SageMaker and return",
                        "smflow run --config FILE --dry-run                # what would be sent; nothing is started"}));
  add_config_options(*command, options->configs);
  command->add_flag("-n,--dry-run", options->dry_run, "Print the plan or the request as JSON; start and write nothing");
  command->add_flag("--detach", options->detach, "Return when SageMaker has accepted the job, and do not follow it");
  command->add_flag("--no-check", options->no_check, "Send a job to SageMaker without the checks of smflow check");
  command->add_option("--resume-from", options->resume_from, "Go on from the checkpoints of this earlier job")
      ->type_name("JOB");
  add_json_option(*command, session);
  command->callback([&session, options] { session.action = [&session, options] { return run(session, *options); }; });
}

}  // namespace smflow::cli
