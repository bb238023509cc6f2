#include "results_access.hpp"
#include "run_places.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <smflow/base/text.hpp>

namespace smflow::cli {

namespace {

namespace fs = std::filesystem;

struct PullOptions {
  PlaceOptions place;
  std::string name;
  std::string to;
  bool checkpoints = false;
  bool dry_run = false;
};

int pull(Session& session, const PullOptions& options, Results& results) {
  Screen screen = session.screen();
  const records::Run run = results.read(options.name);
  const fs::path folder = options.to.empty() ? fs::path(run.name) : fs::path(options.to);
  std::size_t copied = 0;
  std::size_t skipped = 0;
  for (const RunPlace& place : places_of(run, results.uri())) {
    if (place.name == "checkpoints" && !options.checkpoints) continue;
    if (options.dry_run) {
      for (const storage::ObjectInfo& object : value_or_throw(results.bucket().list(place.prefix))) {
        screen.line("would fetch " + results.bucket().uri(object.key) + " (" +
                    format_bytes(static_cast<double>(object.size)) + ")");
        ++copied;
      }
      continue;
    }
    const storage::SyncOptions sync{.progress = [&](std::uint64_t done, std::uint64_t total) {
      screen.live(place.name + " ▕" + progress_bar(static_cast<double>(done), static_cast<double>(total), 30) + "▏");
    }};
    const storage::SyncReport report =
        value_or_throw(storage::sync_down(results.bucket(), place.prefix, folder / place.name, sync));
    screen.clear_live();
    for (const std::string& key : report.left_out)
      screen.line("left out: '" + printable(key) + "' is no name for a file");
    copied += report.copied;
    skipped += report.skipped;
  }
  screen.line(counted(copied, "object") + (options.dry_run ? "; dry run: nothing was fetched" : " fetched") +
              (skipped == 0 ? "" : ", " + counted(skipped, "object") + " there already"));
  if (!options.dry_run) fmt::print(session.out, "{}\n", folder.string());
  return 0;
}

}  // namespace

void add_runs_pull(CLI::App& runs, Session& session) {
  auto options = std::make_shared<PullOptions>();
  CLI::App* command = runs.add_subcommand(
      "pull",
      help_text("Copy a run to this machine: its record, its artifacts as they are, and its checkpoints if asked.",
                {"smflow runs pull latest", "smflow runs pull 7f3a2 --to best --checkpoints",
                 "smflow runs pull 7f3a2 --dry-run"}));
  command->add_option("name", options->name, "The run: its name, its beginning or end, or latest")
      ->required()
      ->type_name("NAME");
  command->add_option("--to", options->to, "The folder to write into; by default one of the run's name")
      ->type_name("DIR");
  command->add_flag("--checkpoints", options->checkpoints, "The checkpoints, too");
  command->add_flag("-n,--dry-run", options->dry_run, "List what would be fetched");
  add_place_options(*command, options->place);
  command->callback([&session, options] {
    session.action = [&session, options] {
      return with_results(session, options->place, [&](Results& results) { return pull(session, *options, results); });
    };
  });
}

}  // namespace smflow::cli
