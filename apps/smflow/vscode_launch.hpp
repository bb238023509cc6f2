#pragma once

#include "debugger.hpp"

#include <filesystem>
#include <string>

#include <smflow/base/error.hpp>

namespace smflow::cli {

// What Visual Studio Code needs to know of one host.
struct VscodeTarget {
  std::string job;
  std::string host;
  ProgramInside program;
  engine::Endpoint debugpy;    // where it listens, when it does
  std::filesystem::path code;  // the folder of this machine that is the host's /opt/ml/code; empty: the workspace
};

// Adds the entries that attach to the host to .vscode/launch.json of `workspace`, or replaces those of the same name:
// of debugpy for a program in Python, of gdb where the host has it. What else stands there stays. Comments of the file
// do not survive. The names of the entries. E384 when the file is not JSON.
Result<std::vector<std::string>> write_launch_entries(const std::filesystem::path& workspace,
                                                      const VscodeTarget& target);

}  // namespace smflow::cli
