#include "sample_environment.hpp"

#include <gtest/gtest.h>

namespace smflow::runtime {

const char* const two_hosts =
    R"({"current_host": "algo-2", "current_instance_type": "ml.c5.xlarge", "current_group_name": "homogeneousCluster",
        "hosts": ["algo-1", "algo-2"],
        "instance_groups": [{"instance_group_name": "homogeneousCluster", "instance_type": "ml.c5.xlarge",
                             "hosts": ["algo-2", "algo-1"]}],
        "network_interface_name": "eth0", "topology": null})";

contract::Paths write_contract(const test::TemporaryFolder& folder, const std::string& resources,
                               const std::string& hyperparameters, const std::string& channels) {
  folder.write("input/config/resourceconfig.json", resources);
  folder.write("input/config/hyperparameters.json", hyperparameters);
  folder.write("input/config/inputdataconfig.json", channels);
  return {.base = folder.path()};
}

Environment sample_environment(const std::map<std::string, std::string>& hyperparameters, const std::string& resources,
                               const std::string& channels, Variables given) {
  const test::TemporaryFolder folder;
  const contract::Paths paths = write_contract(folder, resources, contract::to_json(hyperparameters).dump(), channels);
  auto environment = read_environment(paths, std::move(given));
  EXPECT_TRUE(environment) << environment.error().message;
  Environment result = *std::move(environment);
  result.paths = {};
  result.devices = {.cpus = 4, .gpus = 1, .neurons = 0};
  return result;
}

}  // namespace smflow::runtime
