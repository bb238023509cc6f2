#include "session.hpp"

#include <CLI/CLI.hpp>

namespace smflow::cli {

void add_runs(CLI::App& app, Session& session) {
  CLI::App* runs = app.add_subcommand(
      "runs", help_text("The runs of a team: what was run, with what, how it ended, and how to do it again.",
                        {"smflow runs list --where GENERATOR.LATENT_SIZE=100 --sort generator/loss",
                         "smflow runs show latest", "smflow runs diff 7f3a2 c0k9x", "smflow runs replicate 7f3a2"}));
  runs->require_subcommand(1);
  add_runs_list(*runs, session);
  add_runs_show(*runs, session);
  add_runs_diff(*runs, session);
  add_runs_metrics(*runs, session);
  add_runs_replicate(*runs, session);
  add_runs_pull(*runs, session);
  add_runs_rm(*runs, session);
}

}  // namespace smflow::cli
