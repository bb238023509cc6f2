#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <smflow/base/process.hpp>
#include <smflow/base/terminal.hpp>
#include <smflow/docker/engine.hpp>

namespace smflow::docker {

// How a credential helper is run: smflow::run_process.
using HelperRunner = std::function<Result<ProcessOutput>(const std::vector<std::string>& command, ProcessLimits limits,
                                                         std::string_view input)>;

// The login that `docker login` has left for a registry, "127.0.0.1:5000", or for Docker Hub, which is none
// (registry_of) or "docker.io": what config.json of $DOCKER_CONFIG, else of ~/.docker, names in credHelpers for this
// registry, else in credsStore for all of them, is asked for it (docker-credential-NAME get,
// https://github.com/docker/docker-credential-helpers); else it is in the file's "auths". Without one the user is
// empty.
//
// Errors: E362 the file is not understood, E367 a helper that fails, or whose login is of another kind.
Result<RegistryAuth> find_login(const std::string& registry, const EnvironmentLookup& environment,
                                const HelperRunner& run = run_process);

}  // namespace smflow::docker
