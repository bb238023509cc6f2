#pragma once

#include <filesystem>
#include <string>

namespace smflow::runtime {

struct Devices {
  int cpus = 1;
  int gpus = 0;
  int neurons = 0;
};

// Logical CPUs of the machine whatever the cgroup allows, as the toolkit counts them; GPUs as nodes "nvidia<N>" in
// `dev`, or lines of `nvidia-smi --list-gpus` where only the driver's control node is there; Neuron cores by
// `neuron-ls` where a node "neuron<N>" is there. Costs a readdir on a machine without accelerators.
Devices detect_devices(const std::string& instance_type, const std::filesystem::path& dev = "/dev");

}  // namespace smflow::runtime
