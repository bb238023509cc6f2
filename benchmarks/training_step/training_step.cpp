#include "../cpu_seconds.hpp"
#include "gan_step.hpp"

#include <chrono>
#include <cstdio>
#include <exception>
#include <span>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <smflow/training/load_time_settings.hpp>
#include <smflow/training/processor.hpp>
#include <smflow/training/random_state.hpp>

// training_step prepare FILE STEPS               writes first weights, one batch and a latent batch for each step
// training_step run FILE STEPS fp32|bf16 THREADS trains from there; a line of JSON. The first step is not timed.
// training_step features                         a line of JSON: whether the processor has bf16, and OpenBLAS's kernels
namespace smflow::gan {
namespace {

constexpr int batch_size = 128;
constexpr std::string_view generator_prefix = "generator.", discriminator_prefix = "discriminator.";

Gan make_gan(training::Precision precision) {
  const NetOptions options = {.precision = precision};
  return Gan(options, options, {}, at::kCPU);
}

training::NamedTensors weights(const Gan& gan) {
  training::NamedTensors all = training::state_of(gan.generator(), std::string(generator_prefix));
  const auto more = training::state_of(gan.discriminator(), std::string(discriminator_prefix));
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

struct Inputs {
  explicit Inputs(int steps) {
    for (int i = 0; i < steps; ++i) latent.push_back(at::randn({batch_size, NetOptions().latent_size, 1, 1}));
  }
  training::NamedTensors named() const {
    training::NamedTensors all = {{"real", real}};
    for (const at::Tensor& one : latent) all.emplace_back(fmt::format("latent.{}", all.size() - 1), one);
    return all;
  }
  at::Tensor real = at::rand({batch_size, 3, NetOptions().image_size, NetOptions().image_size}) * 2 - 1;
  std::vector<at::Tensor> latent;
};

void prepare(const std::string& file, int steps) {
  training::seed_generators(1);
  const Gan gan = make_gan(training::Precision::float32);
  training::NamedTensors all = weights(gan);
  for (auto& input : Inputs(steps).named()) all.push_back(std::move(input));
  const training::DenseTensors dense = training::dense(all);
  value_or_throw(training::write_safetensors(file, dense.bytes, {}));
}

nlohmann::json train(Gan& gan, const Inputs& inputs) {
  nlohmann::json losses_d, losses_g;
  // As the program's loader hands pictures over.
  const at::Tensor real = inputs.real.contiguous(at::MemoryFormat::ChannelsLast);
  auto start = std::chrono::steady_clock::now();
  double start_cpu = 0;
  for (std::size_t i = 0; i < inputs.latent.size(); ++i) {
    if (i == 1) {
      start = std::chrono::steady_clock::now();
      start_cpu = cpu_seconds();
    }
    const StepResult result = gan.step(real, inputs.latent[i]);
    losses_d.push_back(result.loss_d);
    losses_g.push_back(result.loss_g);
  }
  const double cpu = cpu_seconds() - start_cpu;
  const double wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const auto images = static_cast<double>(batch_size * (inputs.latent.size() - 1));
  return {{"wall_s", wall},     {"cpu_s", cpu},       {"images_per_s", images / wall},
          {"loss_d", losses_d}, {"loss_g", losses_g}, {"threads", at::get_num_threads()}};
}

nlohmann::json run(const std::string& file, int steps, const std::string& precision, int threads) {
  training::keep_blas_in_calling_thread();
  at::set_num_threads(threads);
  Gan gan = make_gan(precision == "bf16" ? training::Precision::bfloat16 : training::Precision::float32);
  const Inputs inputs(steps);
  const auto content = value_or_throw(training::SafetensorsFile::read(file));
  value_or_throw(training::copy_into(weights(gan), content, file));
  value_or_throw(training::copy_into(inputs.named(), content, file));
  return train(gan, inputs);
}

std::string answer(std::span<char*> words) {
  const std::string task = words[0];
  if (task == "features") {
    const bool bf16 = training::cpu_has("avx512_bf16") || training::cpu_has("amx_bf16");
    return nlohmann::json{{"bf16", bf16}, {"kernels", training::openblas_kernels()}}.dump();
  }
  if (task == "prepare" && words.size() == 3) {
    prepare(words[1], std::stoi(words[2]));
    return {};
  }
  if (task == "run" && words.size() == 5) {
    return run(words[1], std::stoi(words[2]), words[3], std::stoi(words[4])).dump();
  }
  throw std::runtime_error("usage: training_step prepare FILE STEPS | run FILE STEPS fp32|bf16 THREADS | features");
}

}  // namespace
}  // namespace smflow::gan

int main(int count, char** words) {
  try {
    if (count < 2) throw std::runtime_error("usage: training_step prepare|run|features ...");
    smflow::training::restart_with_load_time_settings();
    smflow::training::keep_freed_memory();
    fmt::print("{}\n", smflow::gan::answer({words + 1, static_cast<std::size_t>(count - 1)}));
    return 0;
  } catch (const std::exception& problem) {
    fmt::print(stderr, "error: {}\n", problem.what());
    return 1;
  }
}
