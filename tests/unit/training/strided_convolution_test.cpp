#include <tuple>

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <smflow/training/strided_convolution.hpp>

namespace smflow::training {
namespace {

struct Sizes {
  std::int64_t images, channels, filters, height, width;  // height and width of the smaller side
};

void PrintTo(const Sizes& s, std::ostream* out) {
  *out << s.images << " x " << s.channels << " to " << s.filters << ", " << s.height << "x" << s.width;
}

// Largest difference, relative to the largest value.
double difference(const at::Tensor& ours, const at::Tensor& exact) {
  EXPECT_EQ(ours.sizes(), exact.sizes());
  return ((ours.to(at::kDouble) - exact).abs().max() / exact.abs().max()).item<double>();
}

struct Passes {
  at::Tensor output, images_gradient, weight_gradient;
};

template <class Convolve>
Passes passes(Convolve convolve, const at::Tensor& images, const at::Tensor& weight,
              const at::Tensor& output_gradient) {
  const at::Tensor x = images.detach().requires_grad_(), w = weight.detach().requires_grad_();
  const at::Tensor output = convolve(x, w);
  output.backward(output_gradient);
  return {output.detach(), x.grad(), w.grad()};
}

void expect_near(const Passes& ours, const Passes& exact, double tolerance) {
  EXPECT_LT(difference(ours.output, exact.output), tolerance);
  EXPECT_LT(difference(ours.images_gradient, exact.images_gradient), tolerance);
  EXPECT_LT(difference(ours.weight_gradient, exact.weight_gradient), tolerance);
}

Passes run(bool transposed, const at::Tensor& images, const at::Tensor& weight, const at::Tensor& gradient,
           Precision precision = Precision::float32) {
  const auto convolve = [&](const at::Tensor& x, const at::Tensor& w) {
    return transposed ? transposed_convolution(x, w, precision) : strided_convolution(x, w, precision);
  };
  return passes(convolve, images, weight, gradient);
}

Passes in_double(bool transposed, const at::Tensor& images, const at::Tensor& weight, const at::Tensor& gradient) {
  const auto convolve = [&](const at::Tensor& x, const at::Tensor& w) {
    return transposed ? at::conv_transpose2d(x, w, {}, 2, 1) : at::conv2d(x, w, {}, 2, 1);
  };
  return passes(convolve, images.to(at::kDouble), weight.to(at::kDouble), gradient.to(at::kDouble));
}

using Parameters = std::tuple<bool, Sizes>;
class StridedConvolution : public testing::TestWithParam<Parameters> {
 protected:
  void SetUp() override {
    torch::manual_seed(1);
    const Sizes& s = std::get<1>(GetParam());
    large_ = at::randn({s.images, s.channels, 2 * s.height, 2 * s.width});
    small_ = at::randn({s.images, s.filters, s.height, s.width});
    weight_ = at::randn({s.filters, s.channels, 4, 4});
    if (transposed_) std::swap(large_, small_);
  }

  // large_ is what goes in, small_ the gradient of what comes out; the other way round when transposed.
  const bool transposed_ = std::get<0>(GetParam());
  at::Tensor large_, small_, weight_;
};

TEST_P(StridedConvolution, EqualsAtenInDouble) {
  expect_near(run(transposed_, large_, weight_, small_), in_double(transposed_, large_, weight_, small_), 3e-6);
}

TEST_P(StridedConvolution, TakesAnyMemoryFormat) {
  const Passes plain = run(transposed_, large_, weight_, small_);
  const auto turned = [](const at::Tensor& t) { return t.contiguous(at::MemoryFormat::ChannelsLast); };
  const Passes other = run(transposed_, turned(large_), turned(weight_), turned(small_));
  EXPECT_TRUE(at::equal(plain.output, other.output));
  expect_near(other, in_double(transposed_, large_, weight_, small_), 3e-6);
}

TEST_P(StridedConvolution, DoesNotDependOnTheNumberOfThreads) {
  const int before = at::get_num_threads();
  at::set_num_threads(3);
  const Passes many = run(transposed_, large_, weight_, small_);
  at::set_num_threads(1);
  const Passes one = run(transposed_, large_, weight_, small_);
  const Passes again = run(transposed_, large_, weight_, small_);
  at::set_num_threads(before);
  expect_near(many, in_double(transposed_, large_, weight_, small_), 3e-6);
  EXPECT_TRUE(at::equal(one.output, again.output));
  EXPECT_TRUE(at::equal(one.images_gradient, again.images_gradient));
  EXPECT_TRUE(at::equal(one.weight_gradient, again.weight_gradient));
}

TEST_P(StridedConvolution, GivesOnlyTheGradientsAskedFor) {
  const Passes both = run(transposed_, large_, weight_, small_);
  const at::Tensor images = large_.detach().requires_grad_(), weight = weight_.detach().requires_grad_();
  const auto convolve = transposed_ ? transposed_convolution : strided_convolution;
  convolve(images, weight_, Precision::float32).backward(small_);
  convolve(large_, weight, Precision::float32).backward(small_);
  EXPECT_LT(difference(images.grad(), both.images_gradient.to(at::kDouble)), 1e-6);
  EXPECT_LT(difference(weight.grad(), both.weight_gradient.to(at::kDouble)), 1e-6);
}

TEST_P(StridedConvolution, RoundsToBfloat16) {
  const Passes ours = run(transposed_, large_, weight_, small_, Precision::bfloat16);
  EXPECT_EQ(ours.output.scalar_type(), at::kFloat);
  EXPECT_EQ(ours.weight_gradient.scalar_type(), at::kFloat);
  const Passes exact = in_double(transposed_, large_, weight_, small_);
  // Where the processor has no bf16 instructions, ATen adds up to 500 products in bf16 (8 bits) too.
  expect_near(ours, exact, 0.08);
  EXPECT_GT(difference(ours.output, exact.output), 1e-5) << "this is not bfloat16";
}

std::string name_of(const testing::TestParamInfo<Parameters>& test) {
  const Sizes& s = std::get<1>(test.param);
  return (std::get<0>(test.param) ? "Transposed" : "Plain") + std::to_string(s.images) + "x" +
         std::to_string(s.channels) + "to" + std::to_string(s.filters) + "at" + std::to_string(s.height) + "x" +
         std::to_string(s.width);
}

INSTANTIATE_TEST_SUITE_P(Shapes, StridedConvolution,
                         testing::Combine(testing::Bool(),
                                          testing::Values(Sizes{1, 3, 8, 4, 4},       // one product of matrices
                                                          Sizes{5, 3, 7, 6, 2},       // an odd batch
                                                          Sizes{3, 9, 5, 4, 6},       // odd numbers of channels
                                                          Sizes{7, 16, 33, 8, 8},     // many pictures in a chunk
                                                          Sizes{2, 8, 16, 3, 5},      // sides too odd for tiles
                                                          Sizes{1, 8, 1, 2, 2},       // one tile
                                                          Sizes{3, 11, 6, 34, 32})),  // more tiles than a chunk
                         name_of);

TEST(StridedConvolutionShapes, LeavesOddPicturesToAten) {
  torch::manual_seed(1);
  const at::Tensor images = at::randn({2, 8, 7, 9}), weight = at::randn({4, 8, 4, 4});
  EXPECT_LT(difference(strided_convolution(images, weight, Precision::float32),
                       at::conv2d(images.to(at::kDouble), weight.to(at::kDouble), {}, 2, 1)),
            3e-6);
}

TEST(StridedConvolutionShapes, KeepsDoublesDouble) {
  const at::Tensor images = at::randn({1, 8, 4, 4}, at::kDouble), weight = at::randn({8, 8, 4, 4}, at::kDouble);
  EXPECT_EQ(strided_convolution(images, weight, Precision::float32).scalar_type(), at::kDouble);
  EXPECT_EQ(transposed_convolution(images, weight, Precision::float32).scalar_type(), at::kDouble);
}

TEST(StridedConvolutionShapes, ReturnsChannelsLast) {
  const at::Tensor images = at::randn({2, 8, 4, 4}), weight = at::randn({8, 8, 4, 4});
  EXPECT_TRUE(strided_convolution(images, weight, Precision::float32).is_contiguous(at::MemoryFormat::ChannelsLast));
  EXPECT_TRUE(transposed_convolution(images, weight, Precision::float32).is_contiguous(at::MemoryFormat::ChannelsLast));
}

}  // namespace
}  // namespace smflow::training
