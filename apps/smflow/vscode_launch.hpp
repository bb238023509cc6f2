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

struct LaunchEntries {
  std::vector<std::string> names;
  std::filesystem::path kept_as;  // a copy of the file as it was, when it had comments; else empty
};

// Adds the entries that attach to the host to .vscode/launch.json of `workspace`, or replaces those of the same name:
// of debugpy for a program that runs under it, of gdb where the host has it. What else stands there stays, but
// comments, of which a copy is kept. E384 when the file is not JSON.
Result<LaunchEntries> write_launch_entries(const std::filesystem::path& workspace, const VscodeTarget& target);

}  // namespace smflow::cli
