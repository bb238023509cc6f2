#include "geometry.hpp"

#include <gtest/gtest.h>

namespace smflow::images {
namespace {

// Python's int(size * long / short) and round((n - size) / 2), restated with integers: for sides this small the
// quotient in double never rounds across an integer.
std::int64_t expected_long(std::int64_t length, std::int64_t short_length, int size) {
  return size * length / short_length;
}

std::int64_t expected_offset(std::int64_t rest) {
  const std::int64_t half = rest / 2;
  return rest % 2 == 1 && half % 2 == 1 ? half + 1 : half;
}

class ImageGeometry : public testing::TestWithParam<int> {};

TEST_P(ImageGeometry, FollowsTorchvisionForAllSmallSizes) {
  const int size = GetParam();
  for (int width = 1; width <= 400; ++width) {
    for (int height = 1; height <= 400; ++height) {
      const Geometry geometry = resize_and_crop(width, height, size);
      Geometry expected{.width = size, .height = size};
      if (width <= height) {
        expected.height = expected_long(height, width, size);
      } else {
        expected.width = expected_long(width, height, size);
      }
      expected.left = expected_offset(expected.width - size);
      expected.top = expected_offset(expected.height - size);
      ASSERT_EQ(geometry, expected) << width << " x " << height << " to " << size;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Sizes, ImageGeometry, testing::Values(1, 31, 64));

TEST(ImageGeometryRounding, HalvesGoToEven) {
  EXPECT_EQ(resize_and_crop(65, 64, 64).left, 0);     // 0.5
  EXPECT_EQ(resize_and_crop(67, 64, 64).left, 2);     // 1.5
  EXPECT_EQ(resize_and_crop(69, 64, 64).left, 2);     // 2.5
  EXPECT_EQ(resize_and_crop(64, 71, 64).top, 4);      // 3.5
  EXPECT_EQ(resize_and_crop(301, 64, 64).left, 118);  // 118.5
}

TEST(ImageGeometryRounding, LongStripsDoNotOverflow) {
  const Geometry geometry = resize_and_crop(178'956'970, 1, 4096);
  EXPECT_EQ(geometry.width, std::int64_t{178'956'970} * 4096);
  EXPECT_EQ(geometry.left, (std::int64_t{178'956'970} * 4096 - 4096) / 2);
}

}  // namespace
}  // namespace smflow::images
