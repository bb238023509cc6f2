#pragma once

#include "host_process.hpp"
#include "sandbox_spec.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include <smflow/base/unique_fd.hpp>

namespace smflow::engine {

// What the launcher and the sandbox tell each other. The launcher's end of the control pipe is the job's life: when it
// closes, everything ends at once.
namespace protocol {
inline constexpr char stop = 'T';  // SIGTERM, then SIGKILL after the grace period
inline constexpr char kill = 'K';  // SIGKILL now

// One line each, to the launcher:
inline constexpr const char* ready = "ready";      // every host runs the entrypoint
inline constexpr const char* refused = "refused";  // "refused <why>": nothing has run
inline constexpr const char* exited = "exit";      // "exit <host index> <code>", 128 + n when killed by signal n
inline constexpr const char* timeout = "timeout";  // the run time is over: the hosts are being stopped
inline constexpr const char* end = "end";          // every process of the job is gone
}  // namespace protocol

// Starts the hosts, stops them, and sees them end. Runs in a process of its own, single-threaded: the first process of
// the job's namespace, so that whatever the program started dies with it.
class Supervisor {
 public:
  Supervisor(const SandboxSpec& spec, int control, int status, std::vector<UniqueFd> outputs);
  // Returns when every process of the job is gone. Throws CommandFailure when the hosts cannot be started.
  void run();

 private:
  using Time = std::chrono::steady_clock::time_point;
  struct Host {
    HostProcess process;
    bool alive = true;
    bool terminated = false;  // SIGTERM has been delivered
  };

  void start_hosts();
  void connect_hosts();
  void watch();
  void read_control();
  void reap();
  void host_ended(Host& host, int code);
  void act_on_time(Time now);
  void give_time_to_debugger(Time now);
  std::optional<Time> next_time() const;
  void stop();
  void kill();
  void terminate_hosts();
  void tell(const std::string& line) const;

  const SandboxSpec& spec_;
  int control_;
  int status_;
  std::vector<UniqueFd> outputs_;
  std::vector<Host> hosts_;
  UniqueFd children_;  // readable when a child ends
  std::size_t alive_ = 0;
  std::optional<Time> run_until_;
  Time looked_;                  // for a debugger
  std::optional<Time> kill_at_;  // set once the hosts are being stopped
};

}  // namespace smflow::engine
