#pragma once

#include <cstdint>

#include <smflow/training/named_tensors.hpp>

namespace smflow::training {

// Seeds the generators of the CPU and of all GPUs.
void seed_generators(std::uint64_t seed);

// Copies of the generators' states, "random.cpu", "random.cuda.0" ..., and back.
NamedTensors random_states();
void set_random_states(const NamedTensors& states);

}  // namespace smflow::training
