#include "gan_step.hpp"

namespace smflow::gan {

namespace {

template <class Network>
std::shared_ptr<Network> make(const NetOptions& options, at::Device device) {
  auto network = std::make_shared<Network>(options);
  initialize(*network);
  network->to(device);
  return network;
}

// ATen throws on an answer that is no number, and on a GPU that ends every further call. Here the loss becomes NaN, for
// the training to name; otherwise nothing changes, since 0 is added.
at::Tensor cross_entropy(const at::Tensor& answers, float truth) {
  const at::Tensor numbers = answers.masked_fill(answers.detach().isnan(), 0.5);
  return at::binary_cross_entropy(numbers, at::full_like(answers, truth)) + answers.detach().sum() * 0;
}

void need_gradients(torch::nn::Module& network, bool needed) {
  for (at::Tensor& parameter : network.parameters()) parameter.requires_grad_(needed);
}

std::vector<at::Tensor> gradients_of(const torch::nn::Module& network) {
  std::vector<at::Tensor> gradients;
  for (const at::Tensor& parameter : network.parameters()) {
    if (parameter.grad().defined()) gradients.push_back(parameter.grad());
  }
  return gradients;
}

}  // namespace

Gan::Gan(const NetOptions& generator, const NetOptions& discriminator, const training::AdamOptions& adam,
         at::Device device)
    : generator_options_(generator),
      discriminator_options_(discriminator),
      generator_(make<Generator>(generator, device)),
      discriminator_(make<Discriminator>(discriminator, device)),
      generator_adam_(generator_->parameters(), adam),
      discriminator_adam_(discriminator_->parameters(), adam) {}

StepResult Gan::step(const at::Tensor& real, const at::Tensor& latent) {
  discriminator_adam_.drop_gradients();
  const at::Tensor for_real = discriminator_->forward(real);
  const at::Tensor loss_real = cross_entropy(for_real, 1);
  loss_real.backward();
  const at::Tensor made = generator_->forward(latent);
  const at::Tensor for_made = discriminator_->forward(made.detach());
  const at::Tensor loss_made = cross_entropy(for_made, 0);
  loss_made.backward();
  if (average_) average_(gradients_of(*discriminator_));
  discriminator_adam_.step();

  generator_adam_.drop_gradients();
  // The generator's pass needs the gradient through the discriminator, not that of its weights.
  need_gradients(*discriminator_, false);
  const at::Tensor judged = discriminator_->forward(made);
  const at::Tensor loss_generator = cross_entropy(judged, 1);
  loss_generator.backward();
  need_gradients(*discriminator_, true);
  if (average_) average_(gradients_of(*generator_));
  generator_adam_.step();

  // Read once: on a GPU every reading waits for all work before it.
  const at::Tensor values =
      at::stack({loss_real + loss_made, loss_generator, for_real.mean(), for_made.mean(), judged.mean()})
          .detach()
          .to(at::kCPU, at::kDouble);
  const double* const v = values.data_ptr<double>();
  return {v[0], v[1], v[2], v[3], v[4]};
}

// The statistics that batch normalisation keeps are saved and put back, since made pictures use those of their batch.
at::Tensor Gan::sample(const at::Tensor& latent) {
  const at::NoGradGuard no_gradient;
  std::vector<at::Tensor> before;
  for (const at::Tensor& buffer : generator_->buffers()) before.push_back(buffer.clone());
  const at::Tensor images = generator_->forward(latent);
  for (std::size_t i = 0; i < before.size(); ++i) generator_->buffers()[i].copy_(before[i]);
  return images;
}

training::NamedTensors Gan::state() const {
  training::NamedTensors state = training::state_of(*generator_, "generator.");
  const auto add = [&](const training::NamedTensors& more) { state.insert(state.end(), more.begin(), more.end()); };
  add(training::state_of(*discriminator_, "discriminator."));
  add(generator_adam_.state("generator_adam."));
  add(discriminator_adam_.state("discriminator_adam."));
  return state;
}

}  // namespace smflow::gan
