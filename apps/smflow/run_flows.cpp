#include "run_flows.hpp"

#include "interrupts.hpp"
#include "job_view.hpp"
#include "record_input.hpp"
#include "report.hpp"
#include "run_summary.hpp"

#include <algorithm>

#include <smflow/base/files.hpp>
#include <smflow/engine/running_jobs.hpp>
#include <smflow/engine/sandbox_main.hpp>
#include <smflow/records/recorded_run.hpp>

namespace smflow::cli {

namespace {

int print_plan(Session& session, Screen& screen, const plan::RunPlan& plan) {
  const std::string json = plan::to_json(plan.job).dump(2, ' ', false, OrderedJson::error_handler_t::replace);
  std::fprintf(session.out, "%s\n", json.c_str());
  screen.line("dry run: nothing was started and nothing was written");
  return 0;
}

std::string stopping_line(const plan::JobPlan& job, bool runs, int count) {
  if (!runs) return "stopping: the program is not started";
  if (count > 1) return "killing the job";
  return "stopping: the program has " + std::to_string(job.stop_grace.count()) + " s to save; Ctrl-C again to kill it";
}

// Transfers are shown while the job is prepared, and while what it has left is saved; in between the live line is the
// job's.
class TransfersAround : public plan::ForwardingObserver {
 public:
  TransfersAround(plan::JobObserver& view, const LocalMachine& machine, Screen& screen)
      : ForwardingObserver(view), machine_(machine), screen_(screen) {
    machine_.show_transfers(&screen_);
  }
  ~TransfersAround() override { machine_.show_transfers(nullptr); }
  TransfersAround(const TransfersAround&) = delete;
  TransfersAround& operator=(const TransfersAround&) = delete;

  void on_status(const plan::StatusTransition& transition) override {
    machine_.show_transfers(transition.status == "Training" ? nullptr : &screen_);
    ForwardingObserver::on_status(transition);
  }

 private:
  const LocalMachine& machine_;
  Screen& screen_;
};

int run_here(Session& session, const PlannedRun& run, const LocalMachine& machine) {
  Screen screen = session.screen();
  for (const Error& warning : run.configs.warnings) screen.line(render_warning(warning, screen));
  const plan::JobPlan& job = run.plan.job;
  if (run.detach) {
    throw CommandFailure(Error{.code = "E002",
                               .exit = ExitCode::usage,
                               .message = "--detach: a job on this machine lives as long as its command",
                               .fix = "leave out --detach"});
  }
  require_checkpoints(run, machine.open_store);
  if (run.dry_run) return print_plan(session, screen, run.plan);
  engine::become_sudo_user();

  const SystemClock clock;
  const auto [service, get_image] = machine.make_service(job, clock, screen);
  Interrupts interrupts([&, running = service.get()](int, int count) {
    machine.stop_inputs.request_stop();
    if (count > 1) machine.stop_transfers.request_stop();
    const bool runs = running->stop(job.job_name).has_value();
    screen.line(stopping_line(job, runs, count));
  });
  const auto bucket = value_or_throw(machine.open_store(run.plan.bucket_uri));
  screen.line("job " + screen.paint("1", job.job_name));
  const auto view = session.json ? make_json_view(session.out)
                                 : make_text_view(session.out, screen, clock,
                                                  {.several_hosts = job.instance_count > 1, .hint = "Ctrl-C stops"});
  TransfersAround observer(*view, machine, screen);
  const records::RecordedRun recorded{*service, *bucket, run.plan.record_prefix, job};
  records::RecordInput record = run.record;
  if (get_image) {
    auto image = get_image(machine.stop_inputs.get_token());
    screen.clear_live();
    if (interrupts.first_signal() != 0) return exit_code_of_signal(interrupts.first_signal());
    record.in_containers = true;
    record.image_digest = value_or_throw(std::move(image));
  }
  add_code(record, run.plan);
  add_data(record, run.plan, machine.open_store);
  if (auto submitted = records::submit_recorded(recorded, record, clock); !submitted) {
    if (submitted.error().code != "E121") throw CommandFailure(std::move(submitted).error());
    screen.clear_live();
    screen.line(submitted.error().message);
    return exit_code_of_signal(interrupts.first_signal());
  }
  const records::RunResult result = value_or_throw(records::follow_recorded(recorded, clock, observer));
  screen.clear_live();
  print_summary(session, screen,
                {.job = result.job, .places = places_of(run.plan, result.job), .warnings = result.warnings});
  for (const engine::KeptCore& core : engine::kept_cores(job.local.work_directory)) {
    if (core.job == job.job_name) screen.line("  its core     smflow attach " + job.job_name + " --post-mortem");
  }
  return interrupts.first_signal() != 0 ? exit_code_of_signal(interrupts.first_signal()) : exit_code_of(result.job);
}

}  // namespace

bool needs_network(const plan::RunPlan& plan) {
  const auto on_s3 = [](const std::string& uri) { return uri.starts_with("s3://"); };
  const bool maybe_container = plan.job.local.engine != plan::LocalEngine::process && !plan.job.image_uri.empty();
  if (plan.job.target == plan::Target::sagemaker || maybe_container || on_s3(plan.bucket_uri)) return true;
  if (plan.job.local.engine == plan::LocalEngine::container || plan.job.local.aws_credentials) return true;
  return std::any_of(plan.job.channels.begin(), plan.job.channels.end(),
                     [&](const plan::Channel& channel) { return on_s3(channel.uri); });
}

std::unique_ptr<plan::TrainingService> process_service(const Clock& clock, const ServiceStores& stores,
                                                       const engine::CredentialSource& credentials) {
  return std::make_unique<engine::ProcessEngine>(
      engine::ProcessEngineOptions{.entrypoint = plan::built_entrypoint(program_directory()),
                                   .clock = &clock,
                                   .open_store = stores.open_store,
                                   .open_input = stores.open_input,
                                   .credentials = credentials});
}

int on_this_machine(Session& session, const plan::RunPlan& plan, const LocalWork& work) {
  if (needs_network(plan)) return on_this_machine_with_network(session, work);
  return work({.make_service = [](const plan::JobPlan&, const Clock& clock, Screen&) {
    return LocalService{.service = process_service(clock, {})};
  }});
}

Error no_checkpoints(const std::string& earlier_job, const std::string& why) {
  return {.code = "E067",
          .exit = ExitCode::not_found,
          .message = "--resume-from: no checkpoints of a job '" + earlier_job + "': " + why,
          .fix = "give the whole name of an earlier job of this experiment that has written some"};
}

void require_checkpoints(const PlannedRun& run, const engine::StoreOpener& open_store) {
  if (run.resumed.empty() || !run.plan.job.checkpoint) return;
  const std::string& uri = run.plan.job.checkpoint->uri;
  const auto store = value_or_throw(open_store(uri));
  if (value_or_throw(store->list("")).empty()) {
    throw CommandFailure(no_checkpoints(run.resumed, "'" + uri + "' is empty"));
  }
}

int start(Session& session, const PlannedRun& run) {
  if (run.plan.job.target == plan::Target::sagemaker) return run_on_sagemaker(session, run);
  return on_this_machine(session, run.plan,
                         [&](const LocalMachine& machine) { return run_here(session, run, machine); });
}

}  // namespace smflow::cli
