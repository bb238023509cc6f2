#include "axis.hpp"

#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

namespace smflow::images {
namespace {

struct Case {
  int source;
  int target;
};

class ImageAxis : public testing::TestWithParam<Case> {};

TEST_P(ImageAxis, WeightsAddUpToOneWithinRounding) {
  const Axis axis = make_axis(GetParam().source, GetParam().target, 0, GetParam().target);
  for (std::size_t i = 0; i < axis.start.size(); ++i) {
    const auto first = axis.weight.begin() + static_cast<std::ptrdiff_t>(i) * axis.stride;
    const double sum = std::accumulate(first, first + axis.stride, 0.0);
    EXPECT_NEAR(sum, 1 << weight_bits, axis.count[i]) << "output " << i;
  }
}

TEST_P(ImageAxis, WindowsLieInTheSourceAndFollowTheCentres) {
  const auto [source, target] = GetParam();
  const Axis axis = make_axis(source, target, 0, target);
  EXPECT_EQ(axis.first, 0);
  EXPECT_EQ(axis.end, source);
  for (int i = 0; i < target; ++i) {
    const auto place = static_cast<std::size_t>(i);
    ASSERT_GE(axis.count[place], 1);
    ASSERT_LE(axis.count[place], axis.stride);
    ASSERT_GE(axis.start[place], 0);
    ASSERT_LE(axis.start[place] + axis.count[place], source);
    const double center = (i + 0.5) * source / target;
    EXPECT_LE(axis.start[place], center);
    EXPECT_GE(axis.start[place] + axis.count[place], center);
  }
}

TEST_P(ImageAxis, ACropIsAPartOfTheWhole) {
  const auto [source, target] = GetParam();
  const int offset = target / 3;
  const int outputs = target - offset - target / 4;
  const Axis whole = make_axis(source, target, 0, target);
  const Axis part = make_axis(source, target, offset, outputs);
  ASSERT_EQ(part.outputs(), outputs);
  for (int i = 0; i < outputs; ++i) {
    const auto here = static_cast<std::size_t>(i);
    const auto there = static_cast<std::size_t>(i + offset);
    EXPECT_EQ(part.start[here], whole.start[there]);
    EXPECT_EQ(part.count[here], whole.count[there]);
    for (int t = 0; t < whole.stride; ++t) {
      ASSERT_EQ(part.weight[here * static_cast<std::size_t>(part.stride) + static_cast<std::size_t>(t)],
                whole.weight[there * static_cast<std::size_t>(whole.stride) + static_cast<std::size_t>(t)]);
    }
  }
}

TEST_P(ImageAxis, HalvesOfAWeightMakeTheWeight) {
  const auto [source, target] = GetParam();
  const Axis axis = make_axis(source, target, 0, target);
  constexpr std::size_t down_order[4] = {0, 2, 1, 3};
  for (std::size_t i = 0; i < axis.start.size(); ++i) {
    const std::int32_t* weight = &axis.weight[i * static_cast<std::size_t>(axis.stride)];
    const std::int16_t* across = &axis.across[i * static_cast<std::size_t>(axis.across_stride)];
    const std::int16_t* down = &axis.down[i * static_cast<std::size_t>(axis.down_stride)];
    const int shift = axis.start[i] - axis.first - 4 * axis.down_start[i];
    ASSERT_LE(axis.count[i], 4 * axis.across_groups[i]);
    ASSERT_LE(shift + axis.count[i], 4 * axis.down_groups[i]);
    for (int t = 0; t < axis.count[i]; ++t) {
      const std::size_t a = static_cast<std::size_t>(t / 4) * 8 + static_cast<std::size_t>(t % 4);
      EXPECT_EQ(across[a] * 4096 + across[a + 4], weight[t]);
      const int row = shift + t;
      const std::size_t d = static_cast<std::size_t>(row / 4) * 8 + down_order[row % 4];
      EXPECT_EQ(down[d] * 4096 + down[d + 4], weight[t]);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Sizes, ImageAxis,
                         testing::Values(Case{1, 64}, Case{5, 64}, Case{63, 64}, Case{64, 64}, Case{65, 64},
                                         Case{97, 95}, Case{480, 64}, Case{4000, 64}, Case{20000, 1}),
                         [](const auto& one) {
                           return std::to_string(one.param.source) + "To" + std::to_string(one.param.target);
                         });

TEST(ImageAxisIdentity, EqualSizesCopyPixels) {
  const Axis axis = make_axis(64, 64, 0, 64);
  for (std::size_t i = 0; i < 64; ++i) {
    ASSERT_LE(axis.start[i], static_cast<int>(i));
    const std::size_t place = i - static_cast<std::size_t>(axis.start[i]);
    EXPECT_EQ(axis.weight[i * static_cast<std::size_t>(axis.stride) + place], 1 << weight_bits);
  }
}

}  // namespace
}  // namespace smflow::images
