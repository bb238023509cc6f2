#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

#include <smflow/base/error.hpp>
#include <smflow/engine/hosts.hpp>

namespace smflow::engine {

// How the hosts of a job are set apart from the machine.
enum class Isolation {
  privileged,      // namespaces made by root
  user_namespace,  // namespaces in a user namespace of the caller's: no privilege needed
  environment,     // none: the program is told by variables where its folders are
};

// `shared`: the machine's own network, the hosts at 127.0.0.1, 127.0.0.2, ...; `separate`: one network of the job's
// own, each host with its own "eth0" and no way out.
enum class Network { shared, separate };

struct HostSpec {
  std::string name;
  std::filesystem::path folder;  // with ml/, tmp/, root/, code/ and the files hosts and hostname
  std::filesystem::path code;    // what the program finds as /opt/ml/code; what it changes there is kept apart
  std::map<std::string, std::string> environment = {};
  std::vector<Bind> binds = {};
};

struct Owner {
  uid_t user = 0;
  gid_t group = 0;
};

// Everything the sandbox process needs, handed over by the launcher.
struct SandboxSpec {
  Isolation isolation = Isolation::privileged;
  Network network = Network::shared;
  bool read_only_system = false;
  std::uint64_t shared_memory_bytes = 0;
  std::optional<Owner> owner;  // become this user first
  std::chrono::milliseconds max_run_time{};
  std::chrono::milliseconds stop_grace{};
  std::filesystem::path entrypoint;
  std::vector<HostSpec> hosts = {};
};

// For the memory file between the two processes; not a format anyone else reads.
std::string encode(const SandboxSpec& spec);
Result<SandboxSpec> decode(std::string_view bytes);

}  // namespace smflow::engine
