#include "net.hpp"

#include <sstream>

#include <gtest/gtest.h>

#include <smflow/training/named_tensors.hpp>

namespace smflow::gan {
namespace {

// "net.0.weight [100, 512, 4, 4]" a line; batch normalisation as one.
std::string description(const torch::nn::Module& network) {
  std::ostringstream out;
  for (const auto& [name, tensor] : training::state_of(network)) {
    if (name.ends_with("weight")) out << name << " " << tensor.sizes() << "\n";
  }
  return out.str();
}

std::int64_t state_size(const torch::nn::Module& network) {
  return static_cast<std::int64_t>(training::state_of(network).size());
}

TEST(Generator, IsTheTutorialsAt64Pixels) {
  const Generator network({});
  EXPECT_EQ(description(network),
            "net.0.weight [100, 512, 4, 4]\nnet.1.weight [512]\n"
            "net.3.weight [512, 256, 4, 4]\nnet.4.weight [256]\n"
            "net.6.weight [256, 128, 4, 4]\nnet.7.weight [128]\n"
            "net.9.weight [128, 64, 4, 4]\nnet.10.weight [64]\n"
            "net.12.weight [64, 3, 4, 4]\n");
  EXPECT_EQ(state_size(network), 5 + 4 * 5);
}

TEST(Discriminator, IsTheTutorialsAt64Pixels) {
  const Discriminator network({});
  EXPECT_EQ(description(network),
            "net.0.weight [64, 3, 4, 4]\n"
            "net.2.weight [128, 64, 4, 4]\nnet.3.weight [128]\n"
            "net.5.weight [256, 128, 4, 4]\nnet.6.weight [256]\n"
            "net.8.weight [512, 256, 4, 4]\nnet.9.weight [512]\n"
            "net.11.weight [1, 512, 4, 4]\n");
  EXPECT_EQ(state_size(network), 5 + 3 * 5);
}

TEST(Generator, HasALayerLessAt32Pixels) {
  EXPECT_EQ(description(Generator({.image_size = 32, .latent_size = 7, .feature_size = 8})),
            "net.0.weight [7, 32, 4, 4]\nnet.1.weight [32]\n"
            "net.3.weight [32, 16, 4, 4]\nnet.4.weight [16]\n"
            "net.6.weight [16, 8, 4, 4]\nnet.7.weight [8]\n"
            "net.9.weight [8, 3, 4, 4]\n");
}

TEST(Discriminator, HasALayerMoreAt128Pixels) {
  EXPECT_EQ(description(Discriminator({.image_size = 128, .feature_size = 8})),
            "net.0.weight [8, 3, 4, 4]\n"
            "net.2.weight [16, 8, 4, 4]\nnet.3.weight [16]\n"
            "net.5.weight [32, 16, 4, 4]\nnet.6.weight [32]\n"
            "net.8.weight [64, 32, 4, 4]\nnet.9.weight [64]\n"
            "net.11.weight [128, 64, 4, 4]\nnet.12.weight [128]\n"
            "net.14.weight [1, 128, 4, 4]\n");
}

class NetSizes : public testing::TestWithParam<int> {};

TEST_P(NetSizes, PicturesFitBothNetworks) {
  const NetOptions options{.image_size = GetParam(), .latent_size = 5, .feature_size = 2};
  Generator generator(options);
  Discriminator discriminator(options);
  initialize(generator);
  initialize(discriminator);
  const at::Tensor images = generator.forward(at::randn({3, 5, 1, 1}));
  EXPECT_EQ(images.sizes(), (std::vector<std::int64_t>{3, 3, GetParam(), GetParam()}));
  EXPECT_LE(images.abs().max().item<float>(), 1);
  const at::Tensor answers = discriminator.forward(images);
  EXPECT_EQ(answers.sizes(), (std::vector<std::int64_t>{3}));
  EXPECT_GT(answers.min().item<float>(), 0);
  EXPECT_LT(answers.max().item<float>(), 1);
}

INSTANTIATE_TEST_SUITE_P(Pixels, NetSizes, testing::Values(16, 32, 64, 128));

TEST(Initialize, DrawsWeightsAsDcganBegins) {
  torch::manual_seed(1);
  Generator network({});
  initialize(network);
  for (const auto& [name, tensor] : training::state_of(network)) {
    if (tensor.dim() == 4) {
      EXPECT_NEAR(tensor.mean().item<float>(), 0, 0.001) << name;
      EXPECT_NEAR(tensor.std().item<float>(), 0.02, 0.001) << name;
    } else if (name.ends_with(".weight")) {
      EXPECT_NEAR(tensor.mean().item<float>(), 1, 0.01) << name;
      EXPECT_NEAR(tensor.std().item<float>(), 0.02, 0.006) << name;
    } else if (name.ends_with(".bias")) {
      EXPECT_EQ(tensor.abs().max().item<float>(), 0) << name;
    }
  }
}

}  // namespace
}  // namespace smflow::gan
