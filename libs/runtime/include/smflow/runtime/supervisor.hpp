#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include <sys/types.h>

#include <smflow/base/error.hpp>
#include <smflow/runtime/environment.hpp>
#include <smflow/runtime/signals.hpp>

namespace smflow::runtime {

struct Launch {
  std::vector<std::string> command;  // command[0] is a path, absolute or relative to `folder`
  std::filesystem::path folder;
  Variables variables;
  bool want_core = false;  // raises the soft core limit where it is 0
  // For a program that is being debugged: where its console (smflow/console/server.hpp) is joined; and whether it stops
  // at its first instruction, until a debugger lets it go on or somebody joins.
  std::filesystem::path console = {};
  bool hold = false;
  // Called once the program is there for a debugger: it is executed, and has stopped when it is to be held.
  std::function<void()> ready = {};
};

// How a program ended.
struct ProgramEnd {
  pid_t pid = 0;
  int exit_code = 0;     // the program's own, or 128 + signal
  int signal = 0;        // that killed it, else 0
  bool dumped = false;   // a core
  bool stopped = false;  // we forwarded SIGTERM or SIGINT
  std::string tail;      // the end of what it wrote, about 32 KiB; without stdout where that is no pipe or file
  std::filesystem::file_time_type started = {};
  std::filesystem::file_time_type ended = {};
};

// Runs one program to its end, in a process group of its own. stdin is ours. stderr goes through a pipe that is copied
// live to our stderr, and so does stdout where ours is a pipe or a file: through the same pipe when both are one, since
// otherwise their lines would change places. Signals of the inbox go to the whole group; orphans are reaped. With a
// console that is what all three streams of the program are; what it prints comes to our stderr as well.
//
// When the program has ended, its group gets `group_grace` to end too (120 s after a stop, for children that still save
// a checkpoint); what is left of it is killed, as it is on the platform. A daemon that has left the group is not waited
// for, even when it holds stderr. Error E228: the program cannot be started; its `exit` is 126 or 127 as in a shell.
Result<ProgramEnd> supervise(const Launch& launch, SignalInbox& signals,
                             std::chrono::milliseconds group_grace = std::chrono::milliseconds(500));

}  // namespace smflow::runtime
