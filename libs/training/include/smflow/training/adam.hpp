#pragma once

#include <string>
#include <vector>

#include <smflow/training/named_tensors.hpp>

namespace smflow::training {

struct AdamOptions {
  double learning_rate = 2e-4;
  double beta_1 = 0.5;
  double beta_2 = 0.999;
  double epsilon = 1e-8;
};

// Adam (Kingma, Ba 2015) as torch.optim.Adam computes it, in one pass over each parameter. Parameters are dense and
// stay where they are; the moments lie as they do.
class Adam {
 public:
  Adam(std::vector<at::Tensor> parameters, AdamOptions options);

  // Parameters without a gradient are left as they are.
  void step();
  // The next backward pass then stores its gradients in place of adding to them.
  void drop_gradients();

  // The step count and the moments, for a checkpoint: "<prefix>step", "<prefix>0.exp_avg", "<prefix>0.exp_avg_sq" ...
  NamedTensors state(const std::string& prefix) const;

 private:
  AdamOptions options_;
  std::vector<at::Tensor> parameters_;
  std::vector<at::Tensor> first_moments_;
  std::vector<at::Tensor> second_moments_;
  at::Tensor step_;  // int64, on the CPU
};

}  // namespace smflow::training
