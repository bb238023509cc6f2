#pragma once

#include <optional>

#include <smflow/emulator/service_error.hpp>

namespace smflow::emulator {

// The first rule between the fields of a checked CreateTrainingJob request that is broken, or what the request asks for
// and a local job cannot do; none when the job can be tried. A message of the second kind begins with "smflow
// emulator:", so that nobody takes it for the service's.
std::optional<ServiceError> broken_rule(const Json& request);

// Hosts of the job: ResourceConfig.InstanceCount, or the sum over its groups.
int host_count(const Json& request);

}  // namespace smflow::emulator
