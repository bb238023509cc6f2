#include "training_progress.hpp"

#include <gtest/gtest.h>

namespace smflow::cli {
namespace {

using namespace std::chrono_literals;

constexpr SteadyTime start{1h};

TEST(TrainingProgress, CountsEpochsFromOne) {
  TrainingProgress progress;
  EXPECT_EQ(progress.share(), 0);
  progress.read("[1/4][50/100] Loss_D: 0.5", start);
  EXPECT_DOUBLE_EQ(progress.share(), 0.125);
  progress.read("[4/4][100/100] Loss_D: 0.5", start + 1s);
  EXPECT_DOUBLE_EQ(progress.share(), 1);
}

TEST(TrainingProgress, CountsEpochsFromZeroWhereALineDoes) {
  TrainingProgress progress;
  progress.read("[0/4][50/100] Loss_D: 0.5", start);
  EXPECT_DOUBLE_EQ(progress.share(), 0.125);
  progress.read("[3/4][50/100] Loss_D: 0.5", start + 1s);
  EXPECT_DOUBLE_EQ(progress.share(), 0.875);
}

TEST(TrainingProgress, KeepsItsShareThroughOtherLines) {
  TrainingProgress progress;
  progress.read("[2/4][100/100]", start);
  progress.read("saved a checkpoint", start + 1s);
  EXPECT_DOUBLE_EQ(progress.share(), 0.5);
}

TEST(TrainingProgress, TellsTheTimeLeftAtThePaceSinceItsFirstLine) {
  TrainingProgress progress;
  progress.read("[3/4][0/100] the first of a resumed training", start);
  EXPECT_FALSE(progress.left());
  progress.read("[3/4][50/100]", start + 30s);
  EXPECT_EQ(progress.left(), 90s);
}

TEST(TrainingProgress, TellsNoTimeLeftWhenTheTrainingHasGoneBack) {
  TrainingProgress progress;
  progress.read("[3/4][0/100]", start);
  progress.read("[2/4][0/100] from the last checkpoint", start + 30s);
  EXPECT_FALSE(progress.left());
}

TEST(TrainingProgress, EnduresAnyNumbers) {
  TrainingProgress progress;
  progress.read("[-2147483648/1][-2147483648/1]", start);
  progress.read("[1/2147483647][1/2147483647]", start + 1h);
  EXPECT_GE(progress.share(), 0);
  EXPECT_LE(progress.left().value_or(0ms), 1'000'000'000s);
  progress.read("[2147483647/1][2147483647/1]", start + 2h);
  EXPECT_EQ(progress.share(), 1);
}

}  // namespace
}  // namespace smflow::cli
