#include "order.hpp"

#include <algorithm>
#include <numeric>

#include <gtest/gtest.h>

namespace smflow::images {
namespace {

TEST(ImageOrder, IsTheSameOnEveryMachine) {
  // Written down once: a checkpoint resumes in the same order years later and with another standard library.
  EXPECT_EQ(epoch_order(1, 0, 10, true), (std::vector<std::uint32_t>{2, 4, 0, 3, 5, 8, 1, 7, 9, 6}));
  EXPECT_EQ(epoch_order(1, 1, 10, true), (std::vector<std::uint32_t>{0, 7, 4, 6, 2, 8, 1, 9, 5, 3}));
}

TEST(ImageOrder, HoldsEverySampleOnce) {
  for (const std::size_t count : {0, 1, 2, 3, 1000}) {
    std::vector<std::uint32_t> order = epoch_order(5, 9, count, true);
    std::sort(order.begin(), order.end());
    std::vector<std::uint32_t> all(count);
    std::iota(all.begin(), all.end(), 0u);
    EXPECT_EQ(order, all);
  }
}

TEST(ImageOrder, DiffersByEpochAndSeed) {
  EXPECT_NE(epoch_order(5, 0, 100, true), epoch_order(5, 1, 100, true));
  EXPECT_NE(epoch_order(5, 0, 100, true), epoch_order(6, 0, 100, true));
}

TEST(ImageOrder, WithoutShuffleIsTheListsOrder) {
  EXPECT_EQ(epoch_order(5, 3, 4, false), (std::vector<std::uint32_t>{0, 1, 2, 3}));
}

TEST(ImageOrder, GivesEveryPlaceToEverySampleAboutEquallyOften) {
  constexpr std::size_t count = 8;
  constexpr int epochs = 8000;
  int seen[count][count] = {};
  for (std::uint64_t epoch = 0; epoch < epochs; ++epoch) {
    const auto order = epoch_order(3, epoch, count, true);
    for (std::size_t place = 0; place < count; ++place) ++seen[place][order[place]];
  }
  // 1000 expected, standard deviation 30.
  for (const auto& place : seen) {
    for (const int times : place) EXPECT_NEAR(times, 1000, 150);
  }
}

TEST(ImageOrder, MirrorsHalfOfTheSamplesAnewInEveryEpoch) {
  int flipped = 0;
  int changed = 0;
  for (std::uint64_t index = 0; index < 10000; ++index) {
    flipped += is_flipped(1, 0, index) ? 1 : 0;
    changed += is_flipped(1, 0, index) != is_flipped(1, 1, index) ? 1 : 0;
  }
  EXPECT_NEAR(flipped, 5000, 250);
  EXPECT_NEAR(changed, 5000, 250);
}

}  // namespace
}  // namespace smflow::images
