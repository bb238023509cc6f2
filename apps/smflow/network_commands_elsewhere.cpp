#include "network_program.hpp"
#include "run_flows.hpp"

#include <cerrno>

#include <CLI/CLI.hpp>

#include <smflow/base/error.hpp>
#include <smflow/base/files.hpp>
#include <smflow/base/process.hpp>

namespace smflow::cli {

namespace {

// Everything behind the name, --help too, is for the other program.
void add_elsewhere(CLI::App& app, Session& session, const char* name, const char* what) {
  CLI::App* command = app.add_subcommand(name, what);
  command->set_help_flag();
  command->prefix_command();
  command->callback([&session] { session.action = [&session] { return become_network_program(session); }; });
}

}  // namespace

int become_network_program(Session& session) {
  const std::string program = program_directory() / "smflow-network";
  const int error = become_program(session.argv, program);
  if (error == ENOENT) {
    throw CommandFailure(Error{.code = "E108",
                               .exit = ExitCode::machine,
                               .message = "this needs the network, and '" + program + "' is not there",
                               .fix = "cmake --build --preset release, or install smflow whole"});
  }
  throw CommandFailure(system_error("cannot start '" + program + "'", error));
}

int run_on_sagemaker(Session& session, const PlannedRun&) {
  return become_network_program(session);
}

int on_this_machine_with_network(Session& session, const LocalWork&) {
  return become_network_program(session);
}

void add_network_commands(CLI::App& app, Session& session) {
  add_elsewhere(app, session, "attach", attach_summary);
  add_elsewhere(app, session, "board", board_summary);
  add_elsewhere(app, session, "build", build_summary);
  add_elsewhere(app, session, "check", check_summary);
  add_elsewhere(app, session, "logs", logs_summary);
  add_elsewhere(app, session, "status", status_summary);
  add_elsewhere(app, session, "stop", stop_summary);
  add_elsewhere(app, session, "wait", wait_summary);
  add_elsewhere(app, session, "pull", pull_summary);
  add_elsewhere(app, session, "doctor", doctor_summary);
#ifdef SMFLOW_WITH_EMULATOR
  add_elsewhere(app, session, "emulator", emulator_summary);
#endif
}

}  // namespace smflow::cli
