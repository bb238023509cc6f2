#include "pixels.hpp"

#include <vector>

#include <gtest/gtest.h>

#include <smflow/images/png_writer.hpp>
#include <smflow/images/reader.hpp>

namespace smflow::images {
namespace {

TEST(PngWriter, WritesWhatTheReaderReads) {
  constexpr int size = 9;
  std::vector<std::uint8_t> pixels(3 * size * size);
  for (std::size_t i = 0; i < pixels.size(); ++i) pixels[i] = static_cast<std::uint8_t>(i * i);
  const auto file = encode_png(size, size, pixels);
  ASSERT_TRUE(file);
  std::vector<std::uint8_t> planar(planar_bytes(size));
  ImageReader reader(size);
  ASSERT_TRUE(
      reader.decode(std::span(reinterpret_cast<const std::uint8_t*>(file->data()), file->size()), planar.data()));
  for (std::size_t i = 0; i < size * size; ++i) {
    for (std::size_t channel = 0; channel < 3; ++channel) {
      ASSERT_EQ(planar[channel * size * size + i], pixels[3 * i + channel]);
    }
  }
}

TEST(PngWriter, RefusesPixelsThatDoNotFitTheSize) {
  const std::vector<std::uint8_t> pixels(12);
  EXPECT_TRUE(encode_png(2, 2, pixels));
  EXPECT_EQ(encode_png(2, 3, pixels).error().code, "E309");
  EXPECT_EQ(encode_png(0, 0, {}).error().code, "E309");
  EXPECT_EQ(encode_png(-2, -2, pixels).error().code, "E309");
}

}  // namespace
}  // namespace smflow::images
