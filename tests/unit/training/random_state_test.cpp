#include <gtest/gtest.h>
#include <torch/torch.h>

#include <smflow/training/random_state.hpp>

namespace smflow::training {
namespace {

TEST(RandomState, GoesOnWithTheSameNumbers) {
  seed_generators(7);
  at::randn({13});
  const NamedTensors states = random_states();
  const at::Tensor first = at::randn({1001}), second = at::rand({3});
  set_random_states(states);
  EXPECT_TRUE(at::equal(at::randn({1001}), first));
  EXPECT_TRUE(at::equal(at::rand({3}), second));
}

TEST(RandomState, IsACopy) {
  seed_generators(7);
  const NamedTensors states = random_states();
  const at::Tensor before = states[0].second.clone();
  at::randn({100});
  EXPECT_EQ(states[0].first, "random.cpu");
  EXPECT_TRUE(at::equal(states[0].second, before));
}

TEST(RandomState, FollowsTheSeed) {
  const auto numbers = [](std::uint64_t seed) {
    seed_generators(seed);
    return at::randn({10});
  };
  const at::Tensor seven = numbers(7);
  EXPECT_TRUE(at::equal(seven, numbers(7)));
  EXPECT_FALSE(at::equal(seven, numbers(8)));
}

}  // namespace
}  // namespace smflow::training
