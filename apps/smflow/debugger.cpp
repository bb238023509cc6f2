#include "debugger.hpp"

#include <array>

#include <smflow/base/text.hpp>

namespace smflow::cli {

namespace {

// The entrypoint's first child is the program, or the shell whose first child it is. One line each: process, its state,
// its executable, and what there is of debuggers.
constexpr const char* look = R"sh(p=; next=$1
while child=; read -r child rest < "/proc/$next/task/$next/children" || :; [ -n "$child" ]; do
  p=$child; next=$child
  case "$(readlink "/proc/$p/exe")" in */sh | */bash | */dash | */busybox) ;; *) break ;; esac
done
echo "$p"
while read -r name value rest; do if [ "$name" = State: ]; then echo "$value"; fi; done < "/proc/$p/status"
readlink "/proc/$p/exe"; command -v gdb; command -v gdbserver
if grep -qs debugpy "/proc/$p/cmdline"; then echo debugpy; fi; :)sh";

// As gdb takes words apart.
std::string gdb_word(std::string_view text) {
  std::string word;
  for (const char c : text) {
    if (std::string_view(" \t\n'\"\\").find(c) != std::string_view::npos) word += '\\';
    word += c;
  }
  return word;
}

void add_sources(std::vector<std::string>& command, const std::vector<SourceFolders>& sources) {
  for (const SourceFolders& folders : sources) {
    command.insert(command.end(),
                   {"-iex", "set substitute-path " + gdb_word(folders.compiled) + " " + gdb_word(folders.here)});
  }
}

void add_start(std::vector<std::string>& command, const ProgramInside& program) {
  if (!program.waits) return;
  // The stop that it waits by is still to come, for gdb.
  command.insert(command.end(),
                 {"-ex", "handle SIGSTOP nostop noprint nopass", "-ex", "tbreak main", "-ex", "continue"});
}

}  // namespace

bool ProgramInside::is_native() const {
  const std::string name = executable.substr(executable.rfind('/') + 1);
  constexpr std::array interpreters{"python", "sh", "bash", "dash", "busybox", "perl", "ruby", "java"};
  for (const std::string_view interpreter : interpreters) {
    if (name == interpreter || (interpreter == "python" && name.starts_with(interpreter))) return false;
  }
  return !name.empty();
}

Result<ProgramInside> look_inside(const engine::HostAccess& host, const std::string& name) {
  const auto seen = host.ask({"/bin/sh", "-c", look, "look", std::to_string(host.entrypoint())});
  if (!seen) return tl::unexpected(seen.error());
  const std::vector<std::string> lines = split(*seen, '\n');
  if (lines.size() < 3 || lines[0].empty()) return tl::unexpected(engine::not_running(name));
  ProgramInside program{.process = lines[0], .executable = lines[2], .waits = lines[1] == "T"};
  for (const std::string& line : lines) {
    program.has_gdb = program.has_gdb || line.ends_with("/gdb");
    program.has_gdbserver = program.has_gdbserver || line.ends_with("/gdbserver");
    program.has_debugpy = program.has_debugpy || line == "debugpy";
  }
  return program;
}

std::vector<std::string> gdb_in_host(const ProgramInside& program, const std::vector<SourceFolders>& sources) {
  std::vector<std::string> command{"gdb", "-q", "-iex", "set breakpoint pending on"};
  add_sources(command, sources);
  command.insert(command.end(), {"-p", program.process});
  add_start(command, program);
  return command;
}

std::vector<std::string> gdb_from_here(const ProgramInside& program, const std::string& through,
                                       const std::vector<SourceFolders>& sources) {
  std::vector<std::string> command{"gdb", "-q", "-iex", "set breakpoint pending on", "-iex", "set sysroot target:"};
  add_sources(command, sources);
  command.insert(command.end(), {"-ex", "target remote | " + through});
  add_start(command, program);
  return command;
}

std::vector<std::string> gdb_on_core(const std::filesystem::path& program, const std::filesystem::path& core,
                                     const std::vector<SourceFolders>& sources) {
  std::vector<std::string> command{"gdb", "-q"};
  add_sources(command, sources);
  command.insert(command.end(), {program.string(), core.string()});
  return command;
}

}  // namespace smflow::cli
