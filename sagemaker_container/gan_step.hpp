#pragma once

#include "net.hpp"

#include <functional>
#include <memory>

#include <smflow/training/adam.hpp>

namespace smflow::gan {

struct StepResult {
  double loss_d = 0;        // discriminator on real and on made pictures
  double loss_g = 0;        // generator
  double d_x = 0;           // mean answer for real pictures
  double d_g_z_before = 0;  // for made ones, before the discriminator's update
  double d_g_z_after = 0;   // after it
};

// Both networks with their optimisers, and one training step of them: discriminator on real pictures, discriminator on
// made ones, generator; binary cross entropy.
class Gan {
 public:
  Gan(const NetOptions& generator, const NetOptions& discriminator, const training::AdamOptions& adam,
      at::Device device);

  // Called with the gradients of a network before each update, to put the mean over several hosts into them.
  void average_gradients_by(std::function<void(const std::vector<at::Tensor>& gradients)> average) {
    average_ = std::move(average);
  }

  // `real` [N, C, S, S] and `latent` [N, latent, 1, 1] on the device.
  StepResult step(const at::Tensor& real, const at::Tensor& latent);

  // Made pictures with the statistics of the batch, as in training; changes nothing.
  at::Tensor sample(const at::Tensor& latent);

  // Networks and optimisers, for a checkpoint.
  training::NamedTensors state() const;

  const Generator& generator() const { return *generator_; }
  const Discriminator& discriminator() const { return *discriminator_; }
  const NetOptions& generator_options() const { return generator_options_; }
  const NetOptions& discriminator_options() const { return discriminator_options_; }

 private:
  NetOptions generator_options_;
  NetOptions discriminator_options_;
  std::shared_ptr<Generator> generator_;
  std::shared_ptr<Discriminator> discriminator_;
  training::Adam generator_adam_;
  training::Adam discriminator_adam_;
  std::function<void(const std::vector<at::Tensor>&)> average_;
};

}  // namespace smflow::gan
