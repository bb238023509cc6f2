#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include <sys/types.h>

#include <smflow/base/clock.hpp>
#include <smflow/base/error.hpp>
#include <smflow/base/terminal.hpp>
#include <smflow/base/unique_fd.hpp>
#include <smflow/plan/job_plan.hpp>

// What an engine asks of the machinery that runs the hosts of a job: processes in a sandbox, or containers.
namespace smflow::engine {

// What happens to the hosts, one thing at a time.
struct HostEvent {
  enum class Kind {
    exited,
    timeout,  // the job has run for its longest time: the hosts are being stopped
    end,      // nothing of the job runs any more, and what it left lies in the hosts' folders
  };
  Kind kind = Kind::end;
  std::size_t host = 0;        // with exited
  int exit_code = 0;           // with exited: 128 + n when killed by signal n
  bool out_of_memory = false;  // with exited: known to have been killed for that
  // With exited: the time of the failure file, where the host's folder does not have it to the millisecond.
  std::optional<WallTime> failed = {};
  std::string problem = {};  // with end: why not all that the job left could be had
};

// The hosts of one job; they and whatever they start live no longer than this object.
class Hosts {
 public:
  virtual ~Hosts() = default;

  // To poll: readable when read_events() has something. An unexpected death is an `end` without the exits of all hosts.
  virtual int events_fd() const = 0;
  virtual std::vector<HostEvent> read_events() = 0;
  // Standard output and error of each host, non-blocking. Ends when the host is gone.
  virtual std::vector<UniqueFd>& outputs() = 0;
  // Brings the folder `path` (below /opt/ml) of every host's own folder up to date with what the program has there now.
  virtual Result<void> refresh(const std::filesystem::path& path) = 0;

  // From any thread. The first failed host stops the others without being asked.
  virtual void stop() = 0;  // SIGTERM, then SIGKILL after the grace period
  virtual void kill() = 0;
};

struct Bind {
  std::filesystem::path source;
  std::filesystem::path target;  // absolute, as the program sees it; exists below the host's folder
  bool read_only = true;
};

struct HostOrder {
  std::string name;              // "algo-1"
  std::filesystem::path folder;  // its ml/ is what the program finds as /opt/ml, with what it leaves there
  std::vector<Bind> inputs;      // the channels
};

struct JobOrder {
  const plan::JobPlan& plan;
  std::filesystem::path folder;  // of the job on this machine
  const UniqueFd& lock;          // of the folder: stays locked while anything of the job runs
  std::vector<HostOrder> hosts;
};

struct StartedHosts {
  std::unique_ptr<Hosts> hosts;
  std::string notice;  // what the user must know about how they run; may be empty
};

// One way to run hosts. Safe to use from several threads.
class HostKind {
 public:
  virtual ~HostKind() = default;
  // What can be known to be wrong before anything is made. Gets what the hosts are made of, which may take minutes,
  // until `stop` says so.
  virtual Result<void> check(const plan::JobPlan& plan, std::stop_token stop) const = 0;
  // Returns when every host runs the entrypoint.
  virtual Result<StartedHosts> start(const JobOrder& order) = 0;
};

// The variables a program finds on the platform, and those of the plan. `caller` says the region.
std::map<std::string, std::string> platform_environment(const plan::JobPlan& plan, const EnvironmentLookup& caller);

// The folder, in a host's own, through which its program is debugged.
std::filesystem::path debug_folder(const std::filesystem::path& host_folder);
// The variables that only a host on this machine has: how its program is debugged, where the core of a crash is left,
// and whence its AWS credentials come. `folder` is the one above as the program sees it.
std::map<std::string, std::string> local_environment(const plan::LocalOptions& local, const std::string& host,
                                                     const std::filesystem::path& folder);
// How long the hosts may run; a program that is debugged has all the time it wants.
std::chrono::milliseconds time_limit(const plan::JobPlan& plan);
// True while a debugger holds a process of the host whose entrypoint is this process of the machine: time stands still.
bool debugger_holds(pid_t entrypoint);

// Writes resourceconfig.json of every host. E110 when the disk refuses.
Result<void> write_resource_config(const JobOrder& order, const std::string& network_interface);

}  // namespace smflow::engine
