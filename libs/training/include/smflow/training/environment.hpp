#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <smflow/base/error.hpp>
#include <smflow/base/terminal.hpp>

namespace smflow::training {

// What a training program needs to know of the job it runs in, from the SM_* variables that the entrypoint sets (names
// and formats of the SageMaker training toolkit). Outside a job everything is empty and there is one host.
struct Environment {
  std::string job_name;  // TRAINING_JOB_NAME
  std::string current_host = "localhost";
  std::vector<std::string> hosts = {"localhost"};
  std::uint16_t master_port = 7777;       // SM_MASTER_PORT, where the first host is met
  std::string network_interface;          // SM_NETWORK_INTERFACE_NAME, by which the hosts reach each other
  int gpu_count = 0;                      // SM_NUM_GPUS
  std::filesystem::path model_dir;        // SM_MODEL_DIR
  std::filesystem::path output_data_dir;  // SM_OUTPUT_DATA_DIR
  std::filesystem::path metrics_file;     // SMFLOW_METRICS, where the launcher wants the metrics; mostly empty
  std::map<std::string, std::filesystem::path> channels;  // by the names in SM_CHANNELS
  std::set<std::string> sharded_channels;  // of SM_INPUT_DATA_CONFIG: each host has a part of its own already

  // Place of the current host among all; 0 leads.
  std::size_t rank() const;
  // Folder of a channel, or E331 naming the channels there are.
  Result<std::filesystem::path> channel(std::string_view name) const;
};

// Error E330: a variable does not hold what it should.
Result<Environment> read_environment(const EnvironmentLookup& lookup = environment_variable);

}  // namespace smflow::training
