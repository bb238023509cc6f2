#include <gtest/gtest.h>

#include <smflow/plan/training_position.hpp>

namespace smflow::plan {
namespace {

TEST(TrainingPosition, IsAtTheStartOfALine) {
  const auto at = training_position("[3/10][40/122] Loss_D: 0.5");
  ASSERT_TRUE(at);
  EXPECT_EQ(at->epoch, 3);
  EXPECT_EQ(at->epochs, 10);
  EXPECT_EQ(at->batch, 40);
  EXPECT_EQ(at->batches, 122);
}

TEST(TrainingPosition, IsInNoOtherLine) {
  for (const char* line : {"", "[", "[1", "[1/", "[1/2", "[1/2]", "[1/2][", "[1/2][3/0]", "[1/2] [3/4]", " [1/2][3/4]",
                           "[a/2][3/4]", "[1/2][99999999999/4]"}) {
    EXPECT_FALSE(training_position(line)) << line;
  }
}

}  // namespace
}  // namespace smflow::plan
