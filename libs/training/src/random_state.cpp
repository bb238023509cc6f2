#include "smflow/training/random_state.hpp"

#include <mutex>

#include <fmt/format.h>
#include <torch/torch.h>

namespace smflow::training {

namespace {

std::vector<std::pair<std::string, at::Generator>> generators() {
  std::vector<std::pair<std::string, at::Generator>> all;
  all.emplace_back("random.cpu", at::globalContext().defaultGenerator(at::kCPU));
  for (std::size_t i = 0; i < torch::cuda::device_count(); ++i) {
    const at::Device device(at::kCUDA, static_cast<at::DeviceIndex>(i));
    all.emplace_back(fmt::format("random.cuda.{}", i), at::globalContext().defaultGenerator(device));
  }
  return all;
}

}  // namespace

void seed_generators(std::uint64_t seed) {
  torch::manual_seed(seed);
}

NamedTensors random_states() {
  NamedTensors states;
  for (auto& [name, generator] : generators()) {
    const std::lock_guard<std::mutex> lock(generator.mutex());
    states.emplace_back(name, generator.get_state());
  }
  return states;
}

void set_random_states(const NamedTensors& states) {
  for (auto& [name, generator] : generators()) {
    for (const auto& [state_name, state] : states) {
      if (state_name != name) continue;
      const std::lock_guard<std::mutex> lock(generator.mutex());
      generator.set_state(state);
    }
  }
}

}  // namespace smflow::training
