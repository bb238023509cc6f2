#include "attach_here.hpp"
#include "attach_sagemaker.hpp"
#include "job_loading.hpp"

#include <algorithm>

#include <CLI/CLI.hpp>

namespace smflow::cli {

namespace {

struct CommandOptions {
  AttachOptions attach;
  AwsOptions aws;
  std::string config;
  bool gdb = false;
  bool console = false;
  bool shell = false;
  bool exec = false;
  bool vscode = false;
  bool post_mortem = false;
};

Opening opening(const CommandOptions& options) {
  if (options.exec) return Opening::command;
  if (options.gdb) return Opening::gdb;
  if (options.console) return Opening::console;
  if (options.shell) return Opening::shell;
  return options.vscode ? Opening::vscode : Opening::automatic;
}

std::vector<std::string> words_behind_exec(const std::vector<std::string>& argv) {
  const auto exec = std::find(argv.begin(), argv.end(), "--exec");
  if (exec != argv.end() && exec + 1 != argv.end()) return {exec + 1, argv.end()};
  throw CommandFailure(Error{.code = "E002",
                             .exit = ExitCode::usage,
                             .message = "--exec: no command follows it",
                             .fix = "smflow attach JOB --exec nvidia-smi"});
}

void check_only_one(const CommandOptions& options) {
  const int chosen =
      options.gdb + options.console + options.shell + options.exec + options.vscode + options.post_mortem;
  if (chosen < 2) return;
  throw CommandFailure(Error{.code = "E002",
                             .exit = ExitCode::usage,
                             .message = "only one thing can be opened at a time",
                             .fix = "choose one of --gdb, --console, --shell, --exec, --vscode and --post-mortem"});
}

int attach(Session& session, CommandOptions& options) {
  check_only_one(options);
  if (options.exec) options.attach.command = words_behind_exec(session.argv);
  options.attach.work_directory = work_directory(options.config);
  options.attach.opening = opening(options);
  if (options.post_mortem) return open_core(session, options.attach);
  if (const auto job = find_running_job(options.attach)) return attach_here(session, *job, options.attach);
  return attach_sagemaker(session, options.attach, options.aws);
}

}  // namespace

void add_attach(CLI::App& app, Session& session) {
  auto options = std::make_shared<CommandOptions>();
  CLI::App* command = app.add_subcommand(
      "attach",
      help_text(attach_summary,
                {"smflow attach                                # the only job of this machine: gdb, or pdb's console",
                 "smflow attach gan-20260131-120000-x7k2 --host algo-2",
                 "smflow attach --shell                        # a shell beside the program",
                 "smflow attach --exec nvidia-smi              # one command in its host",
                 "smflow attach --vscode                       # entries for .vscode/launch.json",
                 "smflow attach --post-mortem                  # gdb on the core of the newest crash",
                 "smflow attach NAME                           # a job on SageMaker with REMOTE_DEBUG"}));
  command->add_option("job", options->attach.job, "Its name, or a beginning or end that only one job has")
      ->type_name("JOB");
  command->add_option("--host", options->attach.host, "One of several hosts")->type_name("HOST");
  command->add_flag("--gdb", options->gdb, "gdb, also on a program in Python");
  command->add_flag("--console", options->console, "The terminal of a program that was started with --debug");
  command->add_flag("--shell", options->shell, "A shell beside the program");
  command->add_flag("--exec", options->exec, "A command beside the program, with our streams: all that follows");
  command->add_flag("--vscode", options->vscode, "Entries for Visual Studio Code, in .vscode/launch.json");
  command->add_flag("--post-mortem", options->post_mortem, "gdb on the core that a crash has left");
  command->add_option("--config", options->config, "The job's config, when it sets LOCAL.WORK_DIR")->type_name("FILE");
  add_aws_options(*command, options->aws);
  command->callback(
      [&session, options] { session.action = [&session, options] { return attach(session, *options); }; });
}

}  // namespace smflow::cli
