#include "gan_step.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace smflow::gan {
namespace {

namespace nn = torch::nn;

constexpr int image_size = 32, latent_size = 10, feature_size = 8, batch_size = 6;
constexpr training::AdamOptions adam = {.learning_rate = 0.002, .beta_1 = 0.5};

nn::ConvTranspose2d up(int in, int out, int stride, int padding) {
  return nn::ConvTranspose2d(nn::ConvTranspose2dOptions(in, out, 4).stride(stride).padding(padding).bias(false));
}

nn::Conv2d down(int in, int out, int stride, int padding) {
  return nn::Conv2d(nn::Conv2dOptions(in, out, 4).stride(stride).padding(padding).bias(false));
}

nn::LeakyReLU leaky() {
  return nn::LeakyReLU(nn::LeakyReLUOptions().negative_slope(0.2));
}

// The same networks and the same step in plain libtorch, as the tutorial writes them, in double.
struct Plain {
  Plain() {
    generator->to(at::kDouble);
    discriminator->to(at::kDouble);
  }

  StepResult step(const at::Tensor& real, const at::Tensor& latent) {
    const auto bce = [](const at::Tensor& answers, double truth) {
      return at::binary_cross_entropy(answers.view(-1), at::full({batch_size}, truth, at::kDouble));
    };
    discriminator->zero_grad();
    const at::Tensor for_real = discriminator->forward(real);
    const at::Tensor loss_real = bce(for_real, 1);
    loss_real.backward();
    const at::Tensor made = generator->forward(latent);
    const at::Tensor for_made = discriminator->forward(made.detach());
    const at::Tensor loss_made = bce(for_made, 0);
    loss_made.backward();
    discriminator_adam.step();
    generator->zero_grad();
    const at::Tensor judged = discriminator->forward(made);
    const at::Tensor loss_generator = bce(judged, 1);
    loss_generator.backward();
    generator_adam.step();
    const auto value = [](const at::Tensor& tensor) { return tensor.mean().item<double>(); };
    return {value(loss_real + loss_made), value(loss_generator), value(for_real), value(for_made), value(judged)};
  }

  nn::Sequential generator{
      up(latent_size, 32, 1, 0), nn::BatchNorm2d(32), nn::ReLU(), up(32, 16, 2, 1), nn::BatchNorm2d(16), nn::ReLU(),
      up(16, 8, 2, 1),           nn::BatchNorm2d(8),  nn::ReLU(), up(8, 3, 2, 1),   nn::Tanh()};
  nn::Sequential discriminator{
      down(3, 8, 2, 1),    leaky(), down(8, 16, 2, 1), nn::BatchNorm2d(16), leaky(), down(16, 32, 2, 1),
      nn::BatchNorm2d(32), leaky(), down(32, 1, 1, 0), nn::Sigmoid()};
  torch::optim::Adam generator_adam{generator->parameters(),
                                    torch::optim::AdamOptions(adam.learning_rate).betas({adam.beta_1, adam.beta_2})};
  torch::optim::Adam discriminator_adam{
      discriminator->parameters(), torch::optim::AdamOptions(adam.learning_rate).betas({adam.beta_1, adam.beta_2})};
};

Gan make_gan() {
  torch::manual_seed(3);
  const NetOptions options{.image_size = image_size, .latent_size = latent_size, .feature_size = feature_size};
  return Gan(options, options, adam, at::kCPU);
}

training::NamedTensors values_of(const training::NamedTensors& live) {
  training::NamedTensors values;
  for (const auto& [name, tensor] : live) values.emplace_back(name, tensor.detach().clone());
  return values;
}

class GanStep : public testing::Test {
 protected:
  at::Tensor real_ = at::rand({batch_size, 3, image_size, image_size}) * 2 - 1;
  at::Tensor latent_ = at::randn({batch_size, latent_size, 1, 1});
};

TEST_F(GanStep, DoesWhatTheTutorialDoes) {
  Gan gan = make_gan();
  Plain plain;
  const auto each_pair = [&](auto use) {
    const auto pair = [&](const training::NamedTensors& ours, const training::NamedTensors& theirs) {
      ASSERT_EQ(ours.size(), theirs.size());
      for (std::size_t i = 0; i < ours.size(); ++i) {
        ASSERT_EQ(ours[i].first, theirs[i].first);
        use(ours[i].first, ours[i].second, theirs[i].second);
      }
    };
    pair(training::state_of(gan.generator()), training::state_of(*plain.generator, "net."));
    pair(training::state_of(gan.discriminator()), training::state_of(*plain.discriminator, "net."));
  };
  each_pair([](const std::string&, const at::Tensor& ours, const at::Tensor& theirs) {
    const at::NoGradGuard no_gradient;
    theirs.copy_(ours);
  });
  for (int i = 0; i < 4; ++i) {
    const at::Tensor real = at::rand({batch_size, 3, image_size, image_size}) * 2 - 1;
    const at::Tensor latent = at::randn({batch_size, latent_size, 1, 1});
    const StepResult ours = gan.step(real, latent);
    const StepResult theirs = plain.step(real.to(at::kDouble), latent.to(at::kDouble));
    EXPECT_NEAR(ours.loss_d, theirs.loss_d, 1e-3) << i;
    EXPECT_NEAR(ours.loss_g, theirs.loss_g, 1e-3) << i;
    EXPECT_NEAR(ours.d_x, theirs.d_x, 1e-3) << i;
    EXPECT_NEAR(ours.d_g_z_before, theirs.d_g_z_before, 1e-3) << i;
    EXPECT_NEAR(ours.d_g_z_after, theirs.d_g_z_after, 1e-3) << i;
    if (i == 0) {
      EXPECT_NEAR(ours.loss_d, theirs.loss_d, 1e-5);
      EXPECT_NEAR(ours.d_x, theirs.d_x, 1e-5);
      EXPECT_NEAR(ours.d_g_z_before, theirs.d_g_z_before, 1e-5);
    }
  }
  // Adam's first steps have the gradient's sign and full size: where a gradient is rounding noise, so is the step. So
  // the mean difference counts, beside steps of 0.002.
  each_pair([](const std::string& name, const at::Tensor& ours, const at::Tensor& theirs) {
    EXPECT_LT((ours - theirs).abs().to(at::kDouble).mean().item<double>(), 1e-4) << name;
  });
}

TEST_F(GanStep, TrainsBothNetworks) {
  Gan gan = make_gan();
  const auto before = values_of(gan.state());
  gan.step(real_, latent_);
  const auto after = gan.state();
  for (std::size_t i = 0; i < before.size(); ++i) {
    EXPECT_FALSE(at::equal(before[i].second, after[i].second)) << before[i].first;
  }
}

TEST_F(GanStep, GivesTheSameForTheSame) {
  Gan one = make_gan(), other = make_gan();
  for (int i = 0; i < 2; ++i) {
    const StepResult a = one.step(real_, latent_), b = other.step(real_, latent_);
    EXPECT_EQ(a.loss_d, b.loss_d);
    EXPECT_EQ(a.loss_g, b.loss_g);
  }
}

TEST_F(GanStep, ReportsALossThatIsNoNumber) {
  Gan gan = make_gan();
  {
    const at::NoGradGuard no_gradient;
    gan.generator().parameters()[0].view({-1})[0] = NAN;
  }
  const StepResult result = gan.step(real_, latent_);
  EXPECT_TRUE(std::isnan(result.loss_d));
  EXPECT_TRUE(std::isnan(result.loss_g));
  EXPECT_FALSE(std::isnan(result.d_x));
}

TEST_F(GanStep, SamplesWithoutChangingAnything) {
  Gan gan = make_gan();
  gan.step(real_, latent_);
  const auto before = values_of(gan.state());
  const at::Tensor images = gan.sample(latent_);
  EXPECT_EQ(images.sizes(), real_.sizes());
  EXPECT_FALSE(images.requires_grad());
  EXPECT_TRUE(at::equal(gan.sample(latent_), images));
  const auto after = gan.state();
  for (std::size_t i = 0; i < before.size(); ++i) {
    EXPECT_TRUE(at::equal(before[i].second, after[i].second)) << before[i].first;
  }
}

TEST_F(GanStep, HasAStateThatHoldsEverything) {
  Gan whole = make_gan(), resumed = make_gan();
  whole.step(real_, latent_);
  const auto from = whole.state(), to = resumed.state();
  ASSERT_EQ(from.size(), to.size());
  {
    const at::NoGradGuard no_gradient;
    for (std::size_t i = 0; i < from.size(); ++i) to[i].second.copy_(from[i].second);
  }
  for (int i = 0; i < 2; ++i) {
    whole.step(real_, latent_);
    resumed.step(real_, latent_);
  }
  for (std::size_t i = 0; i < from.size(); ++i) {
    EXPECT_TRUE(at::equal(from[i].second, to[i].second)) << from[i].first;
  }
}

}  // namespace
}  // namespace smflow::gan
