#include "interrupts.hpp"
#include "job_loading.hpp"
#include "rehearsal_report.hpp"
#include "report.hpp"
#include "run_flows.hpp"
#include "run_summary.hpp"
#include "since.hpp"

#include <CLI/CLI.hpp>

#include <smflow/engine/job_folder.hpp>
#include <smflow/engine/sandbox_main.hpp>

namespace smflow::cli {

namespace {

struct RehearseOptions {
  ConfigOptions configs;
  std::string after = "30s";
  int times = 3;
  bool keep = false;
};

struct PlannedRehearsal {
  plan::JobConfigs configs;  // their warnings are not shown yet
  plan::RunPlan plan;
  std::string folder_name;
  rehearsal::SpotOptions spot;
};

rehearsal::SpotOptions spot_options(const RehearseOptions& options) {
  const auto after = parse_duration(options.after);
  if (!after || after->count() < 1) {
    throw CommandFailure(Error{.code = "E002",
                               .exit = ExitCode::usage,
                               .message = "--after: '" + options.after + "' is no time of a second or more",
                               .fix = "write 30s, 10m or 2h"});
  }
  return {.after = *after, .times = options.times, .keep = options.keep};
}

PlannedRehearsal planned(const RehearseOptions& options) {
  const rehearsal::SpotOptions spot = spot_options(options);
  plan::JobConfigs configs = read_configs(options.configs);
  SystemRandom random;
  auto plan = plan::make_plan(configs, SystemClock().now(), random);
  if (!plan) throw CommandFailure(std::move(plan).error());
  const std::string name = plan->job.job_name + "-rehearsal";
  plan->job = value_or_throw(rehearsal::rehearsed_plan(plan->job, plan->job.local.work_directory / name));
  plan->bucket_uri = plan->job.record_uri;
  return {.configs = std::move(configs), .plan = *std::move(plan), .folder_name = name, .spot = spot};
}

int rehearse_here(Session& session, const PlannedRehearsal& rehearsal, const LocalMachine& machine) {
  Screen screen = session.screen();
  for (const Error& warning : rehearsal.configs.warnings) screen.line(render_warning(warning, screen));
  const plan::JobPlan& job = rehearsal.plan.job;
  engine::become_sudo_user();
  auto folder = value_or_throw(engine::JobFolder::create(job.local.work_directory, rehearsal.folder_name));
  const SystemClock clock;
  const std::stop_source stop;
  Interrupts interrupts([&](int, int count) {
    if (count == 1) screen.line("stopping: the program is killed, and what the rehearsal made is removed");
    machine.stop_inputs.request_stop();
    machine.stop_transfers.request_stop();
    stop.request_stop();
  });
  const auto service = machine.make_service(job, clock, screen).service;
  screen.line("rehearsal of job " + screen.paint("1", job.job_name));
  const auto view = make_rehearsal_view(screen, clock, rehearsal.spot);
  auto facts = rehearsal::rehearse_spot(job, folder.path(),
                                        {rehearsal.plan.channel_file, rehearsal.configs.container_training_config()},
                                        rehearsal.spot, *service, *view, stop.get_token());
  screen.clear_live();
  if (interrupts.first_signal() != 0) return exit_code_of_signal(interrupts.first_signal());
  const rehearsal::Report report = rehearsal::judge(value_or_throw(std::move(facts)));
  print_rehearsal(session, report);
  if (rehearsal.spot.keep) screen.line("kept in " + folder.path().string());
  if (rehearsal.spot.keep) folder.keep();
  return static_cast<int>(rehearsal::exit_code(report.verdict));
}

int rehearse(Session& session, const RehearseOptions& options) {
  const PlannedRehearsal rehearsal = planned(options);
  return on_this_machine(session, rehearsal.plan,
                         [&](const LocalMachine& machine) { return rehearse_here(session, rehearsal, machine); });
}

void add_spot(CLI::App& rehearse_command, Session& session) {
  auto options = std::make_shared<RehearseOptions>();
  CLI::App* command = rehearse_command.add_subcommand(
      "spot",
      help_text("Interrupt a job on this machine as SageMaker interrupts spot machines, and compare it with an\n"
                "uninterrupted run: where it resumed, how much work was lost, and whether it is the same training.",
                {"smflow rehearse spot --config configs/sagemaker_config.yaml",
                 "smflow rehearse spot --config FILE --after 2m --times 5",
                 "smflow rehearse spot --config FILE --set SAGEMAKER.INSTANCE_TYPE=local   # of a job for SageMaker",
                 "smflow rehearse spot --config FILE --set-training TRAINING.NUM_EPOCHS=2 --json"}));
  add_config_options(*command, options->configs);
  command->add_option("--after", options->after, "How long each start of the program runs before it is interrupted")
      ->type_name("TIME")
      ->capture_default_str();
  command->add_option("--times", options->times, "How often it is interrupted, if it runs that long")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  command->add_flag("--keep", options->keep, "Keep logs, outputs and checkpoints of all starts, and say where");
  add_json_option(*command, session);
  command->callback(
      [&session, options] { session.action = [&session, options] { return rehearse(session, *options); }; });
}

}  // namespace

void add_rehearse(CLI::App& app, Session& session) {
  CLI::App* command =
      app.add_subcommand("rehearse", help_text("Rehearse on this machine what happens to jobs on SageMaker.",
                                               {"smflow rehearse spot --config configs/sagemaker_config.yaml"}));
  command->require_subcommand(1);
  add_spot(*command, session);
}

}  // namespace smflow::cli
