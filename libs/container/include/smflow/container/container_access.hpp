#pragma once

#include <memory>
#include <string>

#include <smflow/docker/engine.hpp>
#include <smflow/engine/host_access.hpp>

namespace smflow::container {

// A host of a running job that is a container. E382 when there is no such container or it does not run; the errors of
// the docker library.
Result<std::unique_ptr<engine::HostAccess>> access_container(std::shared_ptr<const docker::Engine> docker,
                                                             const std::string& job, const std::string& host);

}  // namespace smflow::container
