#include <smflow/contract/debugging.hpp>
#include <smflow/runtime/debugging.hpp>

namespace smflow::runtime {

namespace debugging = contract::debugging;

namespace {

std::string given_or(const Variables& given, const char* name, const char* otherwise) {
  const auto found = given.find(name);
  return found == given.end() || found->second.empty() ? otherwise : found->second;
}

}  // namespace

Debugging debugging_of(const Variables& given, const std::string& host) {
  const std::string mode = given_or(given, debugging::mode_variable, "");
  const bool is_meant = given_or(given, debugging::debugged_host_variable, host.c_str()) == host;
  return {.wanted = is_meant && (mode == debugging::mode_wait || mode == debugging::mode_debugpy),
          .debugpy = mode == debugging::mode_debugpy,
          .elsewhere = !is_meant,
          .address = given_or(given, debugging::address_variable, "127.0.0.1"),
          .folder = given_or(given, debugging::folder_variable, debugging::folder),
          .core_folder = given_or(given, debugging::core_folder_variable, "")};
}

std::vector<std::string> debugged_command(const EntryPoint& program, std::vector<std::string> command,
                                          const Debugging& debugging) {
  if (!debugging.debugpy || program.kind != ProgramKind::python) return command;
  const std::string address = debugging.address + ":" + std::to_string(debugging::debugpy_port);
  // Frozen modules hide their lines from a debugger.
  const std::vector<std::string> debugger{"-Xfrozen_modules=off", "-m", "debugpy", "--listen", address,
                                          "--wait-for-client"};
  command.insert(command.begin() + 1, debugger.begin(), debugger.end());
  return command;
}

std::string debugging_notice(const Environment& environment, const EntryPoint& program, const Debugging& debugging) {
  const std::string job = given_or(environment.given, "TRAINING_JOB_NAME", "");
  const std::string where = (job.empty() ? "" : " " + job) + " --host " + environment.resources.current_host;
  if (debugging.debugpy && program.kind == ProgramKind::python) {
    return "waiting for a client of debugpy at port " + std::to_string(debugging::debugpy_port) +
           "; for Visual Studio Code: smflow attach" + where + " --vscode";
  }
  return "'" + program.name + "' waits for a debugger; in another terminal: smflow attach" + where;
}

}  // namespace smflow::runtime
