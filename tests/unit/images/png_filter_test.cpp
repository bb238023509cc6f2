#include "png_filter.hpp"

#include <cstdlib>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace smflow::images {
namespace {

// The specification's formulas, byte by byte, to filter a row; the library must undo it.
int predicted(int filter, int left, int above, int corner) {
  switch (filter) {
    case 1:
      return left;
    case 2:
      return above;
    case 3:
      return (left + above) / 2;
    case 4: {
      const int guess = left + above - corner;
      const int to_left = std::abs(guess - left);
      const int to_above = std::abs(guess - above);
      const int to_corner = std::abs(guess - corner);
      if (to_left <= to_above && to_left <= to_corner) return left;
      return to_above <= to_corner ? above : corner;
    }
    default:
      return 0;
  }
}

std::vector<std::uint8_t> random_row(std::size_t bytes, std::mt19937& random) {
  std::vector<std::uint8_t> row(bytes);
  for (std::uint8_t& value : row) value = static_cast<std::uint8_t>(random() % 8 == 0 ? 255 : random());
  return row;
}

class PngFilter : public testing::TestWithParam<std::size_t> {};

TEST_P(PngFilter, UndoesEveryFilter) {
  const std::size_t distance = GetParam();
  std::mt19937 random(7);
  for (int filter = 0; filter <= 4; ++filter) {
    for (const std::size_t pixels : {1, 2, 3, 17, 100}) {
      const std::vector<std::uint8_t> row = random_row(pixels * distance, random);
      const std::vector<std::uint8_t> above = random_row(pixels * distance, random);
      std::vector<std::uint8_t> filtered(row.size());
      for (std::size_t i = 0; i < row.size(); ++i) {
        const int left = i < distance ? 0 : row[i - distance];
        const int corner = i < distance ? 0 : above[i - distance];
        filtered[i] = static_cast<std::uint8_t>(row[i] - predicted(filter, left, above[i], corner));
      }
      ASSERT_TRUE(undo_png_filter(filter, filtered.data(), above.data(), filtered.size(), distance));
      EXPECT_EQ(filtered, row) << "filter " << filter << ", " << pixels << " pixels";
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Distances, PngFilter, testing::Values(1, 2, 3, 4, 6, 8));

TEST(PngFilterNumber, RefusesWhatDoesNotExist) {
  std::uint8_t row[12] = {};
  const std::uint8_t above[12] = {};
  for (const int filter : {5, 6, 255}) {
    for (const std::size_t distance : {1, 3, 4}) EXPECT_FALSE(undo_png_filter(filter, row, above, 12, distance));
  }
}

}  // namespace
}  // namespace smflow::images
