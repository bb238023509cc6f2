#pragma once

#include <memory>
#include <string>
#include <vector>

#include <sys/types.h>

#include <smflow/base/error.hpp>
#include <smflow/engine/running_jobs.hpp>

namespace smflow::engine {

// The way into one host of a running job: commands that run in it, beside its program.
class HostAccess {
 public:
  virtual ~HostAccess() = default;

  // The entrypoint `train`, as the host counts processes; the program is its first child.
  virtual pid_t entrypoint() const = 0;
  // Where the ports of the host are reached from this machine; empty when they are not.
  virtual std::string address() const = 0;
  // Runs a command with the caller's own streams; its exit code, as a shell has it. On a terminal the keys are the
  // command's meanwhile. For a single-threaded caller. E385 when nobody is let in.
  virtual Result<int> run(const std::vector<std::string>& command) const = 0;
  // What a short command prints, at most 4 KiB; whatever its exit code.
  virtual Result<std::string> ask(const std::vector<std::string>& command) const = 0;
};

// A host that is a process of this machine. Null when it is none, or is gone.
std::unique_ptr<HostAccess> access_process(const RunningHost& host);

}  // namespace smflow::engine
