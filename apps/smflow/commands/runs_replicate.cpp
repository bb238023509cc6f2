#include "override_options.hpp"
#include "replica.hpp"
#include "report.hpp"

#include <CLI/CLI.hpp>

namespace smflow::cli {

namespace {

struct ReplicateOptions {
  PlaceOptions place;
  ReplicaOptions replica;
  std::string name;
  bool allow_drift = false;
  bool dry_run = false;
  bool detach = false;
  bool no_check = false;
};

int replicate(Session& session, const ReplicateOptions& options, Results& results) {
  Screen screen = session.screen();
  const records::Run run = results.read(options.name);
  PlannedRun replica = replica_of(session, run, results, options.replica);
  screen.line("replicates " + screen.paint("1", run.name));
  if (const std::string note = checkout_note(run); !note.empty())
    screen.line("  note         " + note + "; the job does not use it");
  for (const std::string& why : run.why_not_exact) screen.line("  not exact    " + why);
  const std::vector<Error> drifts = drifts_of(run, replica, results);
  if (!drifts.empty() && !options.allow_drift) throw CommandFailure(drifts);
  for (const Error& drift : drifts) screen.line(render_warning(drift, screen));
  replica.dry_run = options.dry_run;
  replica.detach = options.detach;
  replica.check = !options.no_check;
  return start(session, replica);
}

}  // namespace

void add_runs_replicate(CLI::App& runs, Session& session) {
  auto options = std::make_shared<ReplicateOptions>();
  CLI::App* command = runs.add_subcommand(
      "replicate", help_text("Start the job of a run again, from its record alone. Says first what is not as it was.",
                             {"smflow runs replicate 7f3a2", "smflow runs replicate 7f3a2 --here",
                              "smflow runs replicate latest --set-training TRAINING.LEARNING_RATE=0.0001",
                              "smflow runs replicate 7f3a2 --dry-run"}));
  command->add_option("name", options->name, "The run: its name, its beginning or end, or latest")
      ->required()
      ->type_name("NAME");
  add_override_options(*command, options->replica.set, options->replica.set_training);
  command->add_flag("--here", options->replica.here, "On this machine, wherever the run was");
  command->add_flag("--allow-drift", options->allow_drift, "Start although program, image or data have changed");
  command->add_flag("-n,--dry-run", options->dry_run, "Print the plan or the request as JSON; start and write nothing");
  command->add_flag("--detach", options->detach, "Return when SageMaker has accepted the job, and do not follow it");
  command->add_flag("--no-check", options->no_check, "Send a job to SageMaker without the checks of smflow check");
  add_place_options(*command, options->place);
  add_json_option(*command, session);
  command->callback([&session, options] {
    session.action = [&session, options] {
      return with_results(session, options->place,
                          [&](Results& results) { return replicate(session, *options, results); });
    };
  });
}

}  // namespace smflow::cli
