#pragma once

#include <torch/torch.h>

#include <smflow/training/strided_convolution.hpp>

// The two networks of DCGAN (Radford, Metz, Chintala 2016) in the form of PyTorch's tutorial: `net` is a Sequential
// whose parameters have the tutorial's names and shapes, so that weights go to and fro.
namespace smflow::gan {

struct NetOptions {
  int image_size = 64;  // a power of two from 16 on
  int channels = 3;
  int latent_size = 100;
  int feature_size = 64;
  training::Precision precision = training::Precision::float32;
};

// [N, latent_size, 1, 1] -> [N, channels, image_size, image_size] in [-1, 1].
class Generator : public torch::nn::Module {
 public:
  explicit Generator(const NetOptions& options);
  at::Tensor forward(const at::Tensor& latent);
  torch::nn::Sequential net;
};

// [N, channels, image_size, image_size] -> [N], the probability that a picture is real.
class Discriminator : public torch::nn::Module {
 public:
  explicit Discriminator(const NetOptions& options);
  at::Tensor forward(const at::Tensor& images);
  torch::nn::Sequential net;
};

// Weights of convolutions from N(0, 0.02), of batch normalisation from N(1, 0.02), no offset: as DCGAN begins.
void initialize(torch::nn::Module& network);

}  // namespace smflow::gan
