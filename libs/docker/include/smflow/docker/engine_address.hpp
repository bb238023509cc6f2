#pragma once

#include <string>

#include <smflow/base/error.hpp>
#include <smflow/base/terminal.hpp>

namespace smflow::docker {

// Where an engine listens.
struct EngineAddress {
  std::string unix_socket = {};  // empty: by TCP
  std::string url = {};          // "http://127.0.0.1:2375", without a slash at the end
  std::string shown = {};        // for messages: "unix:///var/run/docker.sock"
};

// DOCKER_HOST (unix:// or tcp://) when it is set, else the first socket there is of: /var/run/docker.sock,
// $XDG_RUNTIME_DIR/docker.sock, $XDG_RUNTIME_DIR/podman/podman.sock, ~/.docker/run/docker.sock (Docker Desktop) and
// /run/podman/podman.sock. One that may be used goes before one that may not.
//
// Errors: E350 no engine, E351 no permission on the socket, E359 DOCKER_HOST is not understood.
Result<EngineAddress> find_engine(const EnvironmentLookup& environment = environment_variable);

}  // namespace smflow::docker
