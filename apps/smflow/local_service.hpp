#pragma once

#include "aws_access.hpp"
#include "run_flows.hpp"

#include <memory>

#include <smflow/docker/engine.hpp>

namespace smflow::cli {

// What runs a job on this machine: processes or containers, as LOCAL.ENGINE says. With `auto` the screen tells which,
// and why. `access` is for the login of a registry, and lives longer, like `clock`. E350 and E351 when only a container
// will do and there is no engine for it.
LocalService local_service(const plan::JobPlan& job, const Clock& clock, Screen& screen, const ServiceStores& stores,
                           AwsAccess& access);

// Containers, whatever the job.
std::unique_ptr<plan::TrainingService> container_service(std::shared_ptr<const docker::Engine> docker,
                                                         const Clock& clock, Screen& screen,
                                                         const ServiceStores& stores, AwsAccess& access);

// "sha256:..." of an image that this machine's container engine has; empty when there is none.
std::string id_of_local_image(const std::string& image);

// The container engine of this machine.
Result<std::shared_ptr<const docker::Engine>> find_container_engine();

}  // namespace smflow::cli
