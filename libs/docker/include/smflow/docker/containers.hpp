#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include <smflow/base/clock.hpp>
#include <smflow/docker/engine.hpp>

namespace smflow::docker {

struct Mount {
  std::filesystem::path source;  // of the engine's machine; there already
  std::filesystem::path target;
  bool read_only = true;
};

// Zero and empty: what the engine does by itself.
struct ContainerRequest {
  std::string name;
  std::string image;
  std::vector<std::string> command = {};
  std::string hostname = {};
  std::map<std::string, std::string> environment = {};
  std::map<std::string, std::string> labels = {};
  std::vector<Mount> mounts = {};
  std::vector<std::filesystem::path> own_folders = {};  // empty, whatever the image has there; removed with it
  std::uint64_t shared_memory = 0;                      // bytes of /dev/shm
  std::uint64_t memory = 0;                             // bytes; nothing is swapped
  double cpus = 0;
  std::map<std::string, std::uint64_t> limits = {};  // soft and hard: "nofile" -> 65536 (setrlimit(2))
  bool all_gpus = false;
  std::string network = {};                       // its name; "none"; empty: the default one
  std::string address = {};                       // in that network, "10.213.7.2"
  std::map<std::string, std::string> hosts = {};  // name -> address, for /etc/hosts
  std::vector<std::string> capabilities = {};     // to add, "SYS_PTRACE"
  std::vector<int> published = {};                // ports, at 127.0.0.1 of the engine's machine by numbers it chooses
  bool terminal = false;                          // for its program, to type into as well (docker run -i -t)
};

struct ContainerState {
  bool running = false;
  int process = 0;  // its first one, as the engine's machine counts; 0 when it does not run
  int exit_code = 0;
  bool out_of_memory = false;
  std::string error = {};             // of the engine's own
  std::string address = {};           // in its network, while it runs
  std::map<int, int> published = {};  // port -> its number at 127.0.0.1 of the engine's machine
};

// On what smflow makes and may leave: the host name of the machine whose process made it.
inline constexpr const char* machine_label = "smflow.machine";

struct ContainerSummary {
  std::string id;
  std::vector<std::string> names = {};
  std::string image = {};
  std::string state = {};  // "running", "exited", "created"
  std::map<std::string, std::string> labels = {};

  // The first of its names without the engine's '/', or its id.
  std::string shown_name() const;
};

using ByteSink = std::function<Result<void>(std::span<const std::byte>)>;

// The containers of one engine (Docker Engine API, Containers). Safe to use from several threads; the engine outlives
// it. Errors as of Engine, and those named; a container that is not there is E353.
class Containers {
 public:
  explicit Containers(const Engine& engine) : engine_(engine) {}

  // The id. E364 when the image is not on the engine's machine.
  Result<std::string> create(const ContainerRequest& request) const;
  // E365 when the engine has no GPUs to give, E366 when the image has no program of the command's name.
  Result<void> start(const std::string& id) const;
  // For one that runs and was made with all GPUs: E365 when it has none. Podman starts it all the same.
  Result<void> check_gpus(const std::string& id) const;
  // Success also when it does not run.
  Result<void> signal(const std::string& id, const std::string& name) const;
  Result<ContainerState> inspect(const std::string& id) const;
  // Its exit code, as soon as it has one.
  Result<int> wait(const std::string& id, std::stop_token cancel = {}) const;
  // Standard output and error from their beginning to their end, in the order they came; of a container with a terminal
  // with its line ends, "\r\n".
  Result<void> follow_log(const std::string& id, const ByteSink& sink, std::stop_token cancel = {},
                          bool terminal = false) const;
  // Success also when it is not there. A running one is killed.
  Result<void> remove(const std::string& id) const;
  // Those with every one of the labels, "name" or "name=value", also such as do not run.
  Result<std::vector<ContainerSummary>> list(const std::vector<std::string>& labels) const;

  // The folder or file at `path` as a tar whose members begin with its last name. False when there is none.
  Result<bool> copy_out(const std::string& id, const std::string& path, const ByteSink& sink) const;
  // When the folder or file at `path` has changed last; none when there is none.
  Result<std::optional<WallTime>> changed(const std::string& id, const std::string& path) const;
  // Unpacks a tar into the folder `path`.
  Result<void> copy_in(const std::string& id, const std::string& path,
                       std::shared_ptr<const http::BodySource> tar) const;

 private:
  const Engine& engine_;
};

// Removes the containers that processes of this machine have left which were killed while they looked into an image
// (Engine::tar_of); their names. Those of a process that lives stay.
Result<std::vector<std::string>> remove_abandoned_looks(const Engine& engine);

struct NetworkRequest {
  std::string name;
  std::string subnet;     // "10.213.7.0/24"
  int mtu = 0;            // bytes; 0: what the engine does by itself
  bool internal = false;  // no way out
  std::map<std::string, std::string> labels = {};
};

struct NetworkSummary {
  std::string name;
  std::map<std::string, std::string> labels = {};
};

// The networks of one engine (Docker Engine API, Networks).
class Networks {
 public:
  explicit Networks(const Engine& engine) : engine_(engine) {}

  // False when the subnet is taken.
  Result<bool> create(const NetworkRequest& request) const;
  // Success also when it is not there.
  Result<void> remove(const std::string& name) const;
  Result<std::vector<NetworkSummary>> list(const std::string& label) const;

 private:
  const Engine& engine_;
};

}  // namespace smflow::docker
