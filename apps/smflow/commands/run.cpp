#include "job_loading.hpp"
#include "run_flows.hpp"

#include <filesystem>

#include <CLI/CLI.hpp>

#include <smflow/base/files.hpp>
#include <smflow/base/json.hpp>
#include <smflow/config/documents.hpp>

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

OrderedJson overrides_json(const ConfigOptions& options) {
  OrderedJson overrides = OrderedJson::object();
  if (!options.set.empty()) overrides["sagemaker"] = options.set;
  if (!options.set_training.empty()) overrides["training"] = options.set_training;
  return overrides;
}

void add_changed(OrderedJson& all, const config::Config& config) {
  const OrderedJson values = OrderedJson::parse(config::values_json(config));
  for (const std::string& path : config::changed(config)) {
    const std::size_t dot = path.find('.');
    all[config.schema().name + ":" + path] = values[path.substr(0, dot)][path.substr(dot + 1)];
  }
}

records::UserFile user_file(const plan::ConfigFile& file) {
  return {.name = file.path.filename().string(), .content = file.content, .original_path = file.path};
}

records::RecordInput record_input(const Session& session, const RunOptions& options, const plan::JobConfigs& configs,
                                  const plan::RunPlan& plan) {
  records::RecordInput input;
  input.experiment = configs.options.s3.experiment_name;
  input.sagemaker_config = user_file(configs.sagemaker_file);
  input.training_config = user_file(configs.training_file);
  input.channel_file_name = plan.channel_file;
  input.channel_file_content = configs.container_training_config();
  input.effective_sagemaker = OrderedJson::parse(config::values_json(configs.sagemaker));
  input.effective_training =
      configs.training ? OrderedJson::parse(config::values_json(*configs.training)) : OrderedJson(nullptr);
  input.changed = OrderedJson::object();
  add_changed(input.changed, configs.sagemaker);
  if (configs.training) add_changed(input.changed, *configs.training);
  input.overrides = overrides_json(options.configs);
  input.config_hash =
      config::identity_hash(configs.training ? *configs.training : configs.sagemaker, config::Scope::identity);
  input.argv = session.argv;
  input.tool_version = SMFLOW_VERSION;
  return input;
}

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
  records::RecordInput record = record_input(session, options, configs, *plan);
  const PlannedRun run{.configs = std::move(configs),
                       .plan = *std::move(plan),
                       .record = std::move(record),
                       .dry_run = options.dry_run,
                       .detach = options.detach,
                       .check = !options.no_check};
  if (needs_network(run.plan)) return run_with_network(session, run);
  return run_on_this_machine(session, run, {.make_service = [](const plan::JobPlan&, const Clock& clock, Screen&) {
                               return process_service(clock, storage::open_store);
                             }});
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
