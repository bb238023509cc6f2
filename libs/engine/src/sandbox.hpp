#pragma once

#include "sandbox_spec.hpp"

#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

#include <smflow/base/error.hpp>
#include <smflow/base/unique_fd.hpp>

namespace smflow::engine {

// What the sandbox says, one at a time.
struct SandboxEvent {
  enum class Kind { exited, timeout, end };
  Kind kind = Kind::end;
  std::size_t host = 0;  // with exited
  int exit_code = 0;     // with exited
};

// The launcher's side of a running sandbox: its own process, its hosts and whatever they started live exactly as long
// as this object, also when the launcher is killed.
class Sandbox {
 public:
  // Returns when every host runs the entrypoint; E109 with the reason when this machine refuses. `lock` stays locked
  // until the last process of the sandbox is gone.
  static Result<Sandbox> start(const SandboxSpec& spec, const UniqueFd& lock);
  ~Sandbox();
  Sandbox(Sandbox&&) noexcept;
  Sandbox& operator=(Sandbox&&) = delete;

  // To poll: readable when next_event() has something.
  int events_fd() const { return status_.get(); }
  // Reads what has arrived. An unexpected death of the sandbox is an `end` without the exits of all hosts.
  std::vector<SandboxEvent> read_events();
  // Standard output and error of each host, non-blocking. Ends when the host is gone.
  std::vector<UniqueFd>& outputs() { return outputs_; }

  // From any thread.
  void stop() const;
  void kill() const;

 private:
  Sandbox() = default;
  Result<void> spawn(const SandboxSpec& spec, const UniqueFd& lock);
  Result<void> wait_until_ready();
  void send(char wish) const;

  pid_t pid_ = -1;
  UniqueFd control_;
  UniqueFd status_;
  std::vector<UniqueFd> outputs_;
  std::string pending_;  // of a status line
};

}  // namespace smflow::engine
