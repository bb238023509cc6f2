#pragma once

#include <cstdio>
#include <functional>
#include <string>
#include <vector>

#include <smflow/base/terminal.hpp>

namespace CLI {
class App;
}

namespace smflow::cli {

// What every command has: where to write, and what was typed. A command's callback leaves its work in `action`, which
// runs after parsing, inside the one handler of errors.
struct Session {
  std::FILE* out = stdout;
  std::FILE* err = stderr;
  std::vector<std::string> argv;
  bool json = false;
  When color = When::automatic;
  std::function<int()> action;

  Screen screen() const;
};

// The files and overrides of a job, on every command that reads them.
struct ConfigOptions {
  std::string config;
  std::vector<std::string> set;
  std::vector<std::string> set_training;
};
void add_config_options(CLI::App& command, ConfigOptions& options);
void add_json_option(CLI::App& command, Session& session);

// Description with the examples first, as --help shows it.
std::string help_text(const std::string& what, const std::vector<std::string>& examples);

// One subcommand, one file.
void add_run(CLI::App& app, Session& session);
void add_runs(CLI::App& app, Session& session);
void add_config_show(CLI::App& config, Session& session);
void add_config_check(CLI::App& config, Session& session);
void add_config_reference(CLI::App& config, Session& session);
void add_config_schema(CLI::App& config, Session& session);
void add_config_init(CLI::App& config, Session& session);
void add_attach(CLI::App& app, Session& session);
void add_board(CLI::App& app, Session& session);
void add_runs_diff(CLI::App& runs, Session& session);
void add_runs_list(CLI::App& runs, Session& session);
void add_runs_metrics(CLI::App& runs, Session& session);
void add_runs_pull(CLI::App& runs, Session& session);
void add_runs_replicate(CLI::App& runs, Session& session);
void add_runs_rm(CLI::App& runs, Session& session);
void add_runs_show(CLI::App& runs, Session& session);
void add_build(CLI::App& app, Session& session);
void add_check(CLI::App& app, Session& session);
void add_emulator(CLI::App& app, Session& session);
void add_doctor(CLI::App& app, Session& session);
void add_logs(CLI::App& app, Session& session);
void add_pull(CLI::App& app, Session& session);
void add_rehearse(CLI::App& app, Session& session);
void add_status(CLI::App& app, Session& session);
void add_stop(CLI::App& app, Session& session);
void add_wait(CLI::App& app, Session& session);
inline constexpr const char* attach_summary =
    "Open a debugger, a console or a shell in a running job, or a debugger on what a crash has left.";
inline constexpr const char* board_summary =
    "Show all runs on one page: a table with search, curves, pictures, comparisons; one file, or live.";
inline constexpr const char* build_summary =
    "Build the training image and push it to Amazon ECR, whose repository is made when it is missing.";
inline constexpr const char* check_summary =
    "Check a job before it is sent: role, image, buckets, data, quotas, metric patterns; all mistakes at once.";
inline constexpr const char* doctor_summary =
    "Tell how this machine reaches AWS: profile, region, where credentials come from, who you are.";
inline constexpr const char* emulator_summary =
    "Serve the SageMaker training API and its logs on 127.0.0.1; jobs really run, on this machine.";
inline constexpr const char* logs_summary = "Print the logs of a job on SageMaker, all hosts in the order of time.";
inline constexpr const char* pull_summary = "Fetch the model and the outputs of a job on SageMaker, unpacked.";
inline constexpr const char* status_summary = "Tell how a job on SageMaker is doing: its statuses, times and places.";
inline constexpr const char* stop_summary = "Stop a job on SageMaker; it has two minutes to save.";
inline constexpr const char* wait_summary = "Wait until a job on SageMaker has ended, and exit as it did.";
// The commands that speak to AWS, in smflow-network; in smflow their names only, for which it becomes smflow-network.
void add_network_commands(CLI::App& app, Session& session);

}  // namespace smflow::cli
