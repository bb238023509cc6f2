#pragma once

#include "session.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <smflow/engine/running_jobs.hpp>

namespace smflow::cli {

// What is opened in a host.
enum class Opening {
  automatic,  // gdb for a native program, else the console
  gdb,
  console,
  shell,
  command,
  vscode,
};

struct AttachOptions {
  std::string job;   // a whole name, or what only one begins or ends with; empty: the only one
  std::string host;  // empty: the first
  Opening opening = Opening::automatic;
  std::vector<std::string> command;  // with Opening::command
  std::filesystem::path work_directory;
};

// The running job of this machine that is meant; nothing when a name is given that no job here has. E380 when none is
// given and none runs, E381 when several are meant.
std::optional<engine::RunningJob> find_running_job(const AttachOptions& options);

// The command's exit code.
int attach_here(Session& session, const engine::RunningJob& job, const AttachOptions& options);

// gdb of this machine on the core that the newest crash of the job, or of any, has left, with the sources of the
// repository. Frames in libraries that this machine does not have are in the backtrace that it names. E383 when there
// is no core.
int open_core(Session& session, const AttachOptions& options);

}  // namespace smflow::cli
