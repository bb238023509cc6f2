#include "pixels.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace smflow::images {
namespace {

float expected(std::uint8_t value) {
  return (static_cast<float>(value) / 255.0f - 0.5f) / 0.5f;
}

class ImagePixels : public testing::TestWithParam<int> {
 protected:
  std::vector<std::uint8_t> planar() const {
    std::vector<std::uint8_t> bytes(planar_bytes(GetParam()));
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i * 37 + i / 256);
    return bytes;
  }

  // The place of a value in the result.
  void check(bool flip, bool channels_last) const {
    const auto size = static_cast<std::size_t>(GetParam());
    const std::vector<std::uint8_t> bytes = planar();
    std::vector<std::uint8_t> scratch(bytes.size());
    std::vector<float> floats(bytes.size(), -9.0f);
    write_pixels(bytes.data(), {GetParam(), channels_last}, flip, scratch.data(), floats.data());
    for (std::size_t channel = 0; channel < 3; ++channel) {
      for (std::size_t y = 0; y < size; ++y) {
        for (std::size_t x = 0; x < size; ++x) {
          const std::size_t to = flip ? size - 1 - x : x;
          const std::size_t place = channels_last ? (y * size + to) * 3 + channel : (channel * size + y) * size + to;
          ASSERT_EQ(floats[place], expected(bytes[(channel * size + y) * size + x]));
        }
      }
    }
  }
};

TEST_P(ImagePixels, PlanarKeepsItsOrder) {
  check(false, false);
}
TEST_P(ImagePixels, PlanarIsMirrored) {
  check(true, false);
}
TEST_P(ImagePixels, ChannelsLastPutsColoursTogether) {
  check(false, true);
}
TEST_P(ImagePixels, ChannelsLastIsMirrored) {
  check(true, true);
}

INSTANTIATE_TEST_SUITE_P(Sizes, ImagePixels, testing::Values(1, 7, 8, 33, 64));

}  // namespace
}  // namespace smflow::images
