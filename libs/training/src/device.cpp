#include "smflow/training/device.hpp"

#include <fmt/format.h>
#include <torch/cuda.h>

namespace smflow::training {

DeviceChoice choose_device(int wanted_gpus) {
  return choose_device(wanted_gpus, wanted_gpus > 0 ? static_cast<int>(torch::cuda::device_count()) : 0);
}

DeviceChoice choose_device(int wanted_gpus, int available) {
  if (wanted_gpus <= 0) return {};
  if (available == 0) return {.note = fmt::format("NUM_GPU {} but no CUDA device: training on the CPU", wanted_gpus)};
  DeviceChoice choice{.device = c10::Device(c10::kCUDA, 0)};
  if (wanted_gpus > 1) choice.note = fmt::format("NUM_GPU {}, but this program trains on one: cuda:0", wanted_gpus);
  return choice;
}

}  // namespace smflow::training
