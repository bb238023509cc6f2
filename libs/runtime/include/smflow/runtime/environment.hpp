#pragma once

#include <map>
#include <string>
#include <vector>

#include <smflow/contract/contract.hpp>
#include <smflow/runtime/devices.hpp>
#include <smflow/runtime/hyperparameters.hpp>

namespace smflow::runtime {

// Environment variables by name.
using Variables = std::map<std::string, std::string>;

// This process's own variables.
Variables own_variables();

// All that a container is told: the three files and the variables it was started with.
struct Environment {
  contract::Paths paths;
  Variables given;
  contract::ResourceConfig resources;
  PythonValue resource_document;  // resourceconfig.json as it is
  PythonDict channels;            // inputdataconfig.json as it is
  DecodedHyperparameters hyperparameters;
  std::vector<std::string> hyperparameter_order;  // names as they stand in the file
  Devices devices;
};

// Reads /opt/ml/input/config. Missing hyperparameters.json and inputdataconfig.json mean none; a missing
// resourceconfig.json is E220, a bad file the error of its parser. `devices` is left to the caller.
Result<Environment> read_environment(const contract::Paths& paths, Variables given);

// The hosts that a distributed launcher works on, and the first of all of them, who is the master. The toolkit takes
// the first in file order, which the platform shuffles; here it is the first in text order on every host.
std::vector<std::string> distribution_groups(const Environment& environment);
std::vector<std::string> distribution_hosts(const Environment& environment);
std::string master_host(const Environment& environment);

// AWS_REGION, AWS_DEFAULT_REGION, else the region in TRAINING_JOB_ARN; empty when unknown.
std::string region_of(const Variables& given);

}  // namespace smflow::runtime
