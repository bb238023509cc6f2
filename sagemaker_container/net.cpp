#include "net.hpp"

#include <string>

namespace smflow::gan {

namespace nn = torch::nn;

namespace {

constexpr int first_size = 4;  // pixels a side where the networks are smallest
constexpr double negative_slope = 0.2;

// Doublings between the smallest size and the picture.
int doublings(int image_size) {
  int count = 0;
  for (int size = first_size; size < image_size; size *= 2) ++count;
  return count;
}

class LayerImpl : public nn::Module {
 protected:
  explicit LayerImpl(at::IntArrayRef weight_shape) : weight(register_parameter("weight", torch::empty(weight_shape))) {}
  at::Tensor weight;
};

// ConvTranspose2d(in, out, 4, 1, 0) of a 1x1 picture: a product of matrices.
class ExpandImpl : public LayerImpl {
 public:
  ExpandImpl(int in, int out) : LayerImpl({in, out, first_size, first_size}) {}
  at::Tensor forward(const at::Tensor& latent) {
    const std::int64_t in = weight.size(0), out = weight.size(1);
    const at::Tensor matrix = weight.permute({0, 2, 3, 1}).reshape({in, first_size * first_size * out});
    const at::Tensor pixels = latent.reshape({-1, in}).matmul(matrix);
    return pixels.view({-1, first_size, first_size, out}).permute({0, 3, 1, 2});
  }
};
TORCH_MODULE(Expand);

// Conv2d(in, 1, 4, 1, 0) of a 4x4 picture: likewise.
class CollapseImpl : public LayerImpl {
 public:
  explicit CollapseImpl(int in) : LayerImpl({1, in, first_size, first_size}) {}
  at::Tensor forward(const at::Tensor& images) {
    const at::Tensor row = weight.permute({0, 2, 3, 1}).reshape({-1, 1});
    return images.permute({0, 2, 3, 1}).reshape({images.size(0), -1}).matmul(row).view({-1, 1, 1, 1});
  }
};
TORCH_MODULE(Collapse);

// ConvTranspose2d(in, out, 4, 2, 1): twice the size.
class UpImpl : public LayerImpl {
 public:
  UpImpl(int in, int out, training::Precision precision) : LayerImpl({in, out, 4, 4}), precision_(precision) {}
  at::Tensor forward(const at::Tensor& images) { return training::transposed_convolution(images, weight, precision_); }

 private:
  training::Precision precision_;
};
TORCH_MODULE(Up);

// Conv2d(in, out, 4, 2, 1): half the size.
class DownImpl : public LayerImpl {
 public:
  DownImpl(int in, int out, training::Precision precision) : LayerImpl({out, in, 4, 4}), precision_(precision) {}
  at::Tensor forward(const at::Tensor& images) { return training::strided_convolution(images, weight, precision_); }

 private:
  training::Precision precision_;
};
TORCH_MODULE(Down);

nn::LeakyReLU leaky_relu() {
  return nn::LeakyReLU(nn::LeakyReLUOptions().negative_slope(negative_slope).inplace(true));
}
nn::ReLU relu() {
  return nn::ReLU(nn::ReLUOptions().inplace(true));
}

}  // namespace

Generator::Generator(const NetOptions& options) {
  const int ups = doublings(options.image_size);
  int width = options.feature_size << (ups - 1);
  net->push_back(Expand(options.latent_size, width));
  for (int i = 1; i < ups; ++i, width /= 2) {
    net->push_back(nn::BatchNorm2d(width));
    net->push_back(relu());
    net->push_back(Up(width, width / 2, options.precision));
  }
  net->push_back(nn::BatchNorm2d(width));
  net->push_back(relu());
  net->push_back(Up(width, options.channels, options.precision));
  net->push_back(nn::Tanh());
  register_module("net", net);
}

at::Tensor Generator::forward(const at::Tensor& latent) {
  return net->forward(latent);
}

Discriminator::Discriminator(const NetOptions& options) {
  int width = options.feature_size;
  net->push_back(Down(options.channels, width, options.precision));
  net->push_back(leaky_relu());
  for (int i = 1; i < doublings(options.image_size); ++i, width *= 2) {
    net->push_back(Down(width, 2 * width, options.precision));
    net->push_back(nn::BatchNorm2d(2 * width));
    net->push_back(leaky_relu());
  }
  net->push_back(Collapse(width));
  net->push_back(nn::Sigmoid());
  register_module("net", net);
}

at::Tensor Discriminator::forward(const at::Tensor& images) {
  return net->forward(images).view(-1);
}

void initialize(nn::Module& network) {
  const at::NoGradGuard no_gradient;
  network.apply([](nn::Module& module) {
    if (auto* norm = module.as<nn::BatchNorm2dImpl>()) {
      norm->weight.normal_(1, 0.02);
      norm->bias.zero_();
      return;
    }
    for (at::Tensor& weight : module.parameters(false)) weight.normal_(0, 0.02);
  });
}

}  // namespace smflow::gan
