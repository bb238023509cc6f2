#pragma once

#include <string>

#include <c10/core/Device.h>

namespace smflow::training {

struct DeviceChoice {
  c10::Device device{c10::kCPU};
  std::string note = {};  // for the user when it is not what was asked for; else empty
};

// The device for a program that asks for `wanted_gpus` GPUs and can use one.
DeviceChoice choose_device(int wanted_gpus);
// The same rule for a machine with `available` usable GPUs.
DeviceChoice choose_device(int wanted_gpus, int available);

}  // namespace smflow::training
