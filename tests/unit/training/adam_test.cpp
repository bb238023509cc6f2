#include <gtest/gtest.h>
#include <torch/torch.h>

#include <smflow/training/adam.hpp>

namespace smflow::training {
namespace {

constexpr AdamOptions options = {.learning_rate = 0.01, .beta_1 = 0.5};

torch::optim::Adam reference(std::vector<at::Tensor> parameters) {
  return torch::optim::Adam(std::move(parameters),
                            torch::optim::AdamOptions(options.learning_rate).betas({options.beta_1, options.beta_2}));
}

at::Tensor parameter(at::IntArrayRef shape, at::ScalarType type = at::kFloat) {
  return at::randn(shape, type).requires_grad_();
}

at::Tensor copy(const at::Tensor& tensor) {
  return tensor.detach().clone().requires_grad_();
}

double difference(const at::Tensor& a, const at::Tensor& b) {
  return (a - b).abs().max().item<double>();
}

// Gradients of very different sizes, the same for both.
void give_gradients(const std::vector<at::Tensor>& ours, const std::vector<at::Tensor>& theirs) {
  for (std::size_t i = 0; i < ours.size(); ++i) {
    const at::Tensor gradient = at::randn_like(ours[i]).mul(at::randn_like(ours[i]).mul(5).exp());
    ours[i].mutable_grad() = gradient;
    theirs[i].mutable_grad() = gradient.clone();
  }
}

TEST(Adam, StepsAsThatOfPytorch) {
  torch::manual_seed(1);
  std::vector<at::Tensor> ours = {parameter({3, 5, 4, 4}), parameter({7}), parameter({40000}),
                                  parameter({2, 3}, at::kDouble),
                                  at::randn({4, 6, 4, 4}).contiguous(at::MemoryFormat::ChannelsLast).requires_grad_()};
  std::vector<at::Tensor> theirs;
  for (const at::Tensor& tensor : ours) theirs.push_back(copy(tensor));
  Adam adam(ours, options);
  torch::optim::Adam torch_adam = reference(theirs);
  for (int step = 0; step < 20; ++step) {
    give_gradients(ours, theirs);
    adam.step();
    torch_adam.step();
    for (std::size_t i = 0; i < ours.size(); ++i) ASSERT_LT(difference(ours[i], theirs[i]), 2e-6) << step << " " << i;
  }
}

TEST(Adam, TakesGradientsOfAnyMemoryFormat) {
  torch::manual_seed(1);
  const at::Tensor ours = parameter({3, 5, 4, 4}), theirs = copy(ours), gradient = at::randn({3, 5, 4, 4});
  ours.mutable_grad() = gradient.contiguous(at::MemoryFormat::ChannelsLast);
  theirs.mutable_grad() = gradient;
  Adam({ours}, options).step();
  reference({theirs}).step();
  EXPECT_LT(difference(ours, theirs), 1e-6);
}

TEST(Adam, LeavesAParameterWithoutGradient) {
  const at::Tensor still = parameter({4}), moved = parameter({4});
  const at::Tensor still_before = still.detach().clone(), moved_before = moved.detach().clone();
  moved.mutable_grad() = at::ones({4});
  Adam({still, moved}, options).step();
  EXPECT_TRUE(at::equal(still, still_before));
  EXPECT_FALSE(at::equal(moved, moved_before));
}

TEST(Adam, DropsGradients) {
  const at::Tensor tensor = parameter({4});
  Adam adam({tensor}, options);
  tensor.sum().backward();
  adam.drop_gradients();
  EXPECT_FALSE(tensor.grad().defined());
}

TEST(Adam, NamesItsState) {
  const Adam adam({parameter({2, 3}), parameter({4})}, options);
  const NamedTensors state = adam.state("g.");
  std::vector<std::string> names;
  for (const auto& entry : state) names.push_back(entry.first);
  EXPECT_EQ(names,
            (std::vector<std::string>{"g.step", "g.0.exp_avg", "g.0.exp_avg_sq", "g.1.exp_avg", "g.1.exp_avg_sq"}));
  EXPECT_EQ(state[0].second.scalar_type(), at::kLong);
  EXPECT_EQ(state[1].second.sizes(), (std::vector<std::int64_t>{2, 3}));
}

TEST(Adam, ContinuesFromItsState) {
  torch::manual_seed(1);
  const at::Tensor whole = parameter({100});
  Adam uninterrupted({whole}, options);
  const auto step = [](Adam& adam, const at::Tensor& tensor) {
    tensor.mutable_grad() = at::randn({100});
    adam.step();
  };
  for (int i = 0; i < 5; ++i) step(uninterrupted, whole);
  const at::Tensor resumed = copy(whole);
  Adam second({resumed}, options);
  const NamedTensors from = uninterrupted.state(""), to = second.state("");
  for (std::size_t i = 0; i < from.size(); ++i) to[i].second.copy_(from[i].second);
  torch::manual_seed(2);
  for (int i = 0; i < 3; ++i) step(uninterrupted, whole);
  torch::manual_seed(2);
  for (int i = 0; i < 3; ++i) step(second, resumed);
  EXPECT_TRUE(at::equal(whole, resumed));
}

}  // namespace
}  // namespace smflow::training
