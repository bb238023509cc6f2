#pragma once

#include "sandbox_spec.hpp"

#include <string>

#include <sys/types.h>

#include <smflow/base/unique_fd.hpp>

namespace smflow::engine {

// One host of the job: a process that sets itself apart, waits for `release`, and becomes the entrypoint.
class HostProcess {
 public:
  // Starts the process. Its standard output and error go to `output`. Throws CommandFailure.
  static HostProcess start(const SandboxSpec& spec, std::size_t index, UniqueFd output);

  pid_t pid() const { return pid_; }
  // Lets the host go on: its network is in place.
  void release();
  // Waits until the host runs the entrypoint; otherwise throws CommandFailure with what went wrong.
  void wait_until_running();
  // Sends SIGTERM. False when the process would ignore it now, because it is the first of its process namespace and has
  // no handler yet: try again.
  bool terminate() const;
  // Leaves its number, as the machine counts, in the host's folder.
  void tell_number(const std::filesystem::path& folder) const;
  bool is_held_by_debugger() const;
  void kill() const;

 private:
  HostProcess(pid_t pid, bool first_of_namespace, UniqueFd go, UniqueFd report)
      : pid_(pid), first_of_namespace_(first_of_namespace), go_(std::move(go)), report_(std::move(report)) {}
  pid_t pid_;
  bool first_of_namespace_;
  UniqueFd go_;
  UniqueFd report_;
};

// The address of the host with this index, counted from 0.
std::string host_address(Network network, std::size_t index);

}  // namespace smflow::engine
