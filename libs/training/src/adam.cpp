#include "smflow/training/adam.hpp"

#include "adam_kernel.hpp"

#include <cmath>

#include <ATen/Parallel.h>
#include <fmt/format.h>
#include <torch/torch.h>

namespace smflow::training {

namespace {

constexpr std::int64_t grain = 1 << 15;

AdamFactors factors_of(const AdamOptions& options, std::int64_t step) {
  const auto narrow = [](double value) { return static_cast<float>(value); };
  const auto exponent = static_cast<double>(step);
  return {.beta_1 = narrow(options.beta_1),
          .beta_2 = narrow(options.beta_2),
          .rest_1 = narrow(1 - options.beta_1),
          .rest_2 = narrow(1 - options.beta_2),
          .step_size = narrow(options.learning_rate / (1 - std::pow(options.beta_1, exponent))),
          .root_scale = narrow(std::sqrt(1 - std::pow(options.beta_2, exponent))),
          .epsilon = narrow(options.epsilon)};
}

void update_in_memory(const AdamFactors& factors, const at::Tensor& parameter, const at::Tensor& gradient,
                      const at::Tensor& first, const at::Tensor& second) {
  float *const p = parameter.data_ptr<float>(), *const m = first.data_ptr<float>(), *const v = second.data_ptr<float>();
  const float* const g = gradient.data_ptr<float>();
  at::parallel_for(0, parameter.numel(), grain, [&](std::int64_t begin, std::int64_t end) {
    adam_update(factors, end - begin, g + begin, p + begin, m + begin, v + begin);
  });
}

void update_by_operators(const AdamFactors& f, const at::Tensor& parameter, const at::Tensor& gradient,
                         const at::Tensor& first, const at::Tensor& second) {
  first.mul_(f.beta_1).add_(gradient, f.rest_1);
  second.mul_(f.beta_2).addcmul_(gradient, gradient, f.rest_2);
  parameter.addcdiv_(first, second.sqrt().div_(f.root_scale).add_(f.epsilon), -f.step_size);
}

}  // namespace

Adam::Adam(std::vector<at::Tensor> parameters, AdamOptions options)
    : options_(options), parameters_(std::move(parameters)), step_(at::zeros({}, at::kLong)) {
  const at::NoGradGuard no_gradient;
  for (const at::Tensor& parameter : parameters_) {
    first_moments_.push_back(at::zeros_like(parameter));
    second_moments_.push_back(at::zeros_like(parameter));
  }
}

void Adam::step() {
  const at::NoGradGuard no_gradient;
  step_.add_(1);
  const AdamFactors factors = factors_of(options_, step_.item<std::int64_t>());
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    const at::Tensor& parameter = parameters_[i];
    const at::Tensor& gradient = parameter.grad();
    if (!gradient.defined()) continue;
    const bool in_memory = parameter.is_cpu() && parameter.scalar_type() == at::kFloat &&
                           parameter.is_non_overlapping_and_dense() && gradient.strides() == parameter.strides();
    (in_memory ? update_in_memory : update_by_operators)(factors, parameter, gradient, first_moments_[i],
                                                         second_moments_[i]);
  }
}

void Adam::drop_gradients() {
  for (at::Tensor& parameter : parameters_) parameter.mutable_grad().reset();
}

NamedTensors Adam::state(const std::string& prefix) const {
  NamedTensors tensors = {{prefix + "step", step_}};
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    tensors.emplace_back(fmt::format("{}{}.exp_avg", prefix, i), first_moments_[i]);
    tensors.emplace_back(fmt::format("{}{}.exp_avg_sq", prefix, i), second_moments_[i]);
  }
  return tensors;
}

}  // namespace smflow::training
