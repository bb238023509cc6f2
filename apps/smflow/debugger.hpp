#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <smflow/engine/host_access.hpp>

namespace smflow::cli {

// The program of a host, and what the host has to debug it with.
struct ProgramInside {
  std::string process;     // its id, as the host counts
  std::string executable;  // "/opt/ml/code/main", "/usr/bin/python3.11"
  bool waits = false;      // stopped at its first instruction
  bool has_gdb = false;
  bool has_gdbserver = false;
  bool has_debugpy = false;  // the program runs under it

  bool is_native() const;  // and not an interpreter's
};

// E382 when the host of this name has no program now.
Result<ProgramInside> look_inside(const engine::HostAccess& host, const std::string& name);

// Where the sources that a program was compiled from lie: gdb is told to look in `here` for what was in `compiled`.
struct SourceFolders {
  std::string compiled;
  std::string here;
};

// gdb on the program of a host, to be run in it. A program that waits is taken to its main().
std::vector<std::string> gdb_in_host(const ProgramInside& program, const std::vector<SourceFolders>& sources);

// gdb of this machine on a program of a host that has gdbserver; `through` is the command that runs gdbserver there,
// its standard streams the connection.
std::vector<std::string> gdb_from_here(const ProgramInside& program, const std::string& through,
                                       const std::vector<SourceFolders>& sources);

// gdb of this machine on the core that a program has left.
std::vector<std::string> gdb_on_core(const std::filesystem::path& program, const std::filesystem::path& core,
                                     const std::vector<SourceFolders>& sources);

}  // namespace smflow::cli
