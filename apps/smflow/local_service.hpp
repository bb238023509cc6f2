#pragma once

#include "aws_access.hpp"
#include "run_flows.hpp"

#include <memory>

#include <smflow/docker/engine.hpp>

namespace smflow::cli {

// What runs a job on this machine: processes or containers, as LOCAL.ENGINE says. With `auto` the screen tells which,
// and why. `access` is for the login of a registry, and lives longer, like `clock`. E350 and E351 when only a container
// will do and there is no engine for it, E904 when `cancel` ends the choice, for which an image may be pulled. All
// references live longer than what is returned.
LocalService local_service(const plan::JobPlan& job, const Clock& clock, Screen& screen, const ServiceStores& stores,
                           AwsAccess& access, std::stop_token cancel);

// Containers, whatever the job.
std::unique_ptr<plan::TrainingService> container_service(std::shared_ptr<const docker::Engine> docker,
                                                         const Clock& clock, Screen& screen,
                                                         const ServiceStores& stores, AwsAccess& access);

// "sha256:..." of a job's image on this machine, got first where it is not here; empty when it cannot be had.
std::string id_of_image(const plan::JobPlan& job, Screen& screen, AwsAccess& access);

// The container engine of this machine.
Result<std::shared_ptr<const docker::Engine>> find_container_engine();

}  // namespace smflow::cli
