#pragma once

#include <string>

#include <smflow/preflight/services.hpp>

namespace smflow::preflight {

// Machines of one type that training jobs of the account have at the moment, in the job's region.
struct MachineUse {
  double on_demand = 0;
  double spot = 0;
  bool complete = false;  // of the first 1,000 jobs otherwise
};
aws::Outcome<MachineUse> machines_in_use(Services& services, const std::string& instance_type);

}  // namespace smflow::preflight
