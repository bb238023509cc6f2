#include "results_access.hpp"
#include "run_places.hpp"

#include <CLI/CLI.hpp>

#include <smflow/base/text.hpp>

namespace smflow::cli {

namespace {

struct RemoveOptions {
  PlaceOptions place;
  std::vector<std::string> names;
  bool dry_run = false;
  bool yes = false;
};

Error still_open(const std::string& name) {
  return {.code = "E376",
          .exit = ExitCode::conflict,
          .message = "run '" + name + "' has not ended",
          .fix = "smflow stop " + name + ", or wait until it has ended"};
}

Error not_confirmed() {
  return {.code = "E377",
          .exit = ExitCode::usage,
          .message = "what is removed is gone for the whole team",
          .fix = "look with --dry-run, then say --yes"};
}

// The cards come last: a removal that was interrupted can be done again.
std::vector<storage::ObjectInfo> objects_of(const records::Run& run, Results& results) {
  std::vector<storage::ObjectInfo> objects;
  for (const RunPlace& place : places_of(run, results.uri())) {
    const auto listed = value_or_throw(results.bucket().list(place.prefix));
    objects.insert(objects.end(), listed.begin(), listed.end());
  }
  for (const std::string& key : value_or_throw(records::keys_of_cards(results.bucket(), results.find(run.name)))) {
    objects.push_back({key});
  }
  return objects;
}

// Of a run whose removal was interrupted the record may be gone already.
records::Run read_what_is_left(const records::RunSummary& summary, Results& results) {
  auto run = records::read_run(results.bucket(), summary.record_key);
  if (run) return *std::move(run);
  if (run.error().code != "E370") throw CommandFailure(run.error());
  records::Run left;
  left.name = summary.name;
  left.record_key = summary.record_key;
  return left;
}

int remove(Session& session, const RemoveOptions& options, Results& results) {
  Screen screen = session.screen();
  if (!options.dry_run && !options.yes) throw CommandFailure(not_confirmed());
  std::vector<records::Run> runs;
  for (const std::string& name : options.names) {
    const records::RunSummary& summary = results.find(name);
    if (summary.state == records::RunState::open) throw CommandFailure(still_open(summary.name));
    runs.push_back(read_what_is_left(summary, results));
  }
  for (const records::Run& run : runs) {
    const std::vector<storage::ObjectInfo> objects = objects_of(run, results);
    for (const storage::ObjectInfo& object : objects) {
      if (options.dry_run) screen.line("would remove " + results.bucket().uri(object.key));
      if (!options.dry_run) value_or_throw(results.bucket().remove(object.key));
    }
    screen.line(run.name + ": " + counted(objects.size(), "object") +
                (options.dry_run ? "; dry run: nothing was removed" : " removed"));
  }
  return 0;
}

}  // namespace

void add_runs_rm(CLI::App& runs, Session& session) {
  auto options = std::make_shared<RemoveOptions>();
  CLI::App* command = runs.add_subcommand(
      "rm", help_text("Remove runs: record, artifacts and checkpoints. Lists of data that others use stay.",
                      {"smflow runs rm 9d4hm --dry-run", "smflow runs rm 9d4hm b27qt --yes"}));
  command->add_option("names", options->names, "The runs")->required()->type_name("NAME");
  command->add_flag("-n,--dry-run", options->dry_run, "List what would be removed");
  command->add_flag("--yes", options->yes, "Really remove it");
  add_place_options(*command, options->place);
  command->callback([&session, options] {
    session.action = [&session, options] {
      return with_results(session, options->place,
                          [&](Results& results) { return remove(session, *options, results); });
    };
  });
}

}  // namespace smflow::cli
