#pragma once

#include <memory>
#include <string>
#include <vector>

#include <sys/types.h>

#include <smflow/base/error.hpp>
#include <smflow/engine/running_jobs.hpp>

namespace smflow::engine {

struct Endpoint {
  std::string address;  // empty: it is not reached
  int port = 0;
};

// The way into one host of a running job: commands that run in it, beside its program.
class HostAccess {
 public:
  virtual ~HostAccess() = default;

  // The entrypoint `train`, as the host counts processes; the program is its first child.
  virtual pid_t entrypoint() const = 0;
  // Where a port of the host is reached from this machine.
  virtual Endpoint endpoint(int port) const = 0;
  // Runs a command with the caller's own streams; its exit code, as a shell has it. On a terminal the keys are the
  // command's meanwhile. For a single-threaded caller. E385 when nobody is let in.
  virtual Result<int> run(const std::vector<std::string>& command) const = 0;
  // The same for a debugger, which may trace every process of the host.
  virtual Result<int> run_debugger(const std::vector<std::string>& command) const { return run(command); }
  // What a short command prints, at most 4 KiB; whatever its exit code.
  virtual Result<std::string> ask(const std::vector<std::string>& command) const = 0;
};

// E382 for a host that has no program now.
Error not_running(const std::string& host);

// A host that is a process of this machine. Null when it is none; E382 when it is gone.
Result<std::unique_ptr<HostAccess>> access_process(const RunningHost& host);

}  // namespace smflow::engine
