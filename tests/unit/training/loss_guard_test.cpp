#include <array>
#include <cmath>

#include <gtest/gtest.h>

#include <smflow/training/loss_guard.hpp>

namespace smflow::training {
namespace {

std::array<NamedValue, 2> losses(double d, double g) {
  return {{{"Loss_D", d}, {"Loss_G", g}}};
}

TEST(LossGuard, NamesWhatIsNotANumberAndWhen) {
  LossGuard guard(90, 3);
  EXPECT_TRUE(guard.check(losses(1, 2), "epoch 1, batch 1"));
  const auto checked = guard.check(losses(1, std::nan("")), "epoch 3, batch 17 (step 99)");
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().code, "E336");
  EXPECT_EQ(checked.error().message, "Loss_G is nan at epoch 3, batch 17 (step 99)");
}

TEST(LossGuard, RefusesInfinityAtOnce) {
  LossGuard guard(90, 3);
  EXPECT_EQ(guard.check(losses(-INFINITY, 0), "x").error().message, "Loss_D is -inf at x");
}

TEST(LossGuard, WaitsBeforeItCallsALossExploding) {
  LossGuard guard(90, 3);
  EXPECT_TRUE(guard.check(losses(91, 0), "1"));
  EXPECT_TRUE(guard.check(losses(95, 0), "2"));
  const auto checked = guard.check(losses(99.5, 0), "batch 3");
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().code, "E337");
  EXPECT_EQ(checked.error().message, "Loss_D explodes: above 90 for 3 steps, 99.5 at batch 3");
}

TEST(LossGuard, ForgetsALossThatCameDown) {
  LossGuard guard(90, 2);
  for (int i = 0; i < 10; ++i) {
    EXPECT_TRUE(guard.check(losses(0, 91), "up"));
    EXPECT_TRUE(guard.check(losses(0, 1), "down"));
  }
}

}  // namespace
}  // namespace smflow::training
