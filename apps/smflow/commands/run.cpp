#include "interrupts.hpp"
#include "job_loading.hpp"
#include "job_view.hpp"
#include "run_summary.hpp"

#include <csignal>
#include <filesystem>

#include <CLI/CLI.hpp>

#include <smflow/base/files.hpp>
#include <smflow/base/json.hpp>
#include <smflow/config/documents.hpp>
#include <smflow/engine/process_engine.hpp>
#include <smflow/engine/sandbox_main.hpp>
#include <smflow/plan/make_plan.hpp>
#include <smflow/records/recorded_run.hpp>

namespace smflow::cli {

namespace {

namespace fs = std::filesystem;

struct RunOptions {
  ConfigOptions configs;
  bool dry_run = false;
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

Error not_on_this_machine(const plan::JobPlan& job, const char* option) {
  return {.code = "E068",
          .exit = ExitCode::usage,
          .message = "SAGEMAKER.INSTANCE_TYPE is '" + job.instance_type + "' and LOCAL.ENGINE is '" + option +
                     "', and this version runs jobs in the local process engine only",
          .fix = "--set SAGEMAKER.INSTANCE_TYPE=local --set LOCAL.ENGINE=process"};
}

void require_process_engine(const plan::JobPlan& job) {
  if (job.target == plan::Target::sagemaker) throw CommandFailure(not_on_this_machine(job, "any"));
  if (job.local.engine == plan::LocalEngine::container) throw CommandFailure(not_on_this_machine(job, "container"));
}

int print_plan(Session& session, Screen& screen, const plan::RunPlan& plan) {
  const std::string json = plan::to_json(plan.job).dump(2, ' ', false, OrderedJson::error_handler_t::replace);
  std::fprintf(session.out, "%s\n", json.c_str());
  screen.line("dry run: nothing was started and nothing was written");
  return 0;
}

int exit_code(const plan::JobDescription& job, int signal) {
  if (signal != 0) return signal == SIGINT ? 130 : 143;
  if (job.status == plan::JobStatus::Completed) return 0;
  if (job.status == plan::JobStatus::Failed) return static_cast<int>(ExitCode::job_failed);
  const bool out_of_time = records::outcome_state(job) == "timed_out";
  return static_cast<int>(out_of_time ? ExitCode::time_limit : ExitCode::job_stopped);
}

int run_job(Session& session, Screen& screen, const plan::RunPlan& plan, const records::RecordInput& input) {
  const SystemClock clock;
  engine::ProcessEngine service({.entrypoint = plan::built_entrypoint(program_directory()), .clock = &clock});
  Interrupts interrupts([&](int, int count) {
    screen.line(count == 1 ? "stopping: the program has " + std::to_string(plan.job.stop_grace.count()) +
                                 " s to save; Ctrl-C again to kill it"
                           : "killing the job");
    static_cast<void>(service.stop(plan.job.job_name));
  });
  auto bucket = value_or_throw(storage::open_store(plan.bucket_uri));
  screen.line("job " + screen.paint("1", plan.job.job_name));
  const auto view =
      session.json ? make_json_view(session.out) : make_text_view(session.out, screen, clock, plan.job.instance_count);
  const records::RunResult result =
      value_or_throw(records::run_recorded(service, *bucket, plan.record_prefix, plan.job, input, clock, *view));
  screen.clear_live();
  print_summary(session, screen, plan, result);
  return exit_code(result.job, interrupts.first_signal());
}

int run(Session& session, const RunOptions& options) {
  Screen screen = session.screen();
  const plan::JobConfigs configs = load_configs(options.configs, screen);
  SystemRandom random;
  auto plan = plan::make_plan(configs, SystemClock().now(), random);
  if (!plan) throw CommandFailure(std::move(plan).error());
  resume_from(plan->job, options.resume_from);
  if (options.dry_run) return print_plan(session, screen, *plan);
  require_process_engine(plan->job);
  engine::become_sudo_user();
  return run_job(session, screen, *plan, record_input(session, options, configs, *plan));
}

}  // namespace

void add_run(CLI::App& app, Session& session) {
  auto options = std::make_shared<RunOptions>();
  CLI::App* command = app.add_subcommand(
      "run", help_text("Start the training job that the config files describe, and follow it to its end.",
                       {"smflow run --config configs/sagemaker_config.yaml",
                        "smflow run --config FILE --set SAGEMAKER.INSTANCE_TYPE=local --set LOCAL.ENGINE=process",
                        "smflow run --config FILE --set-training TRAINING.NUM_EPOCHS=2",
                        "smflow run --config FILE --dry-run                # the plan, and nothing is started"}));
  add_config_options(*command, options->configs);
  command->add_flag("-n,--dry-run", options->dry_run, "Print the plan as JSON; start and write nothing");
  command->add_option("--resume-from", options->resume_from, "Go on from the checkpoints of this earlier job")
      ->type_name("JOB");
  add_json_option(*command, session);
  command->callback([&session, options] { session.action = [&session, options] { return run(session, *options); }; });
}

}  // namespace smflow::cli
