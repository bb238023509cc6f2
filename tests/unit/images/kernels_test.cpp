#include "kernels.hpp"

#include "byte_buffer.hpp"
#include "geometry.hpp"
#include "pixels.hpp"
#include "resizer.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace smflow::images {
namespace {

struct Source {
  int width = 0;
  int height = 0;
  std::size_t stride = 0;
  ByteBuffer bytes;

  std::uint8_t* row(int y) { return bytes.data() + static_cast<std::size_t>(y) * stride; }
};

enum class Content { random, extreme };

Source make_source(int width, int height, Content content) {
  Source source{width, height, row_stride(std::size_t{4} * static_cast<std::size_t>(width)), {}};
  const std::size_t bytes = source.stride * static_cast<std::size_t>(height);
  std::uint8_t* data = source.bytes.reserve(bytes);
  std::mt19937 random(static_cast<unsigned>(width * 1000 + height));
  for (std::size_t i = 0; i < bytes; ++i) {
    const auto value = static_cast<std::uint8_t>(random());
    data[i] = content == Content::random ? value : value % 2 == 0 ? 0 : 255;
  }
  return source;
}

std::vector<std::uint8_t> resize(Source& source, int size, const Kernels& kernels) {
  Resizer resizer(size, kernels);
  resizer.begin(source.width, source.height);
  for (int y = resizer.down().first; y < resizer.down().end; y += 4) {
    const std::uint8_t* rows[4];
    for (int i = 0; i < 4; ++i) rows[i] = source.row(std::min(y + i, source.height - 1));
    resizer.add_band(rows, 0);
  }
  std::vector<std::uint8_t> planar(planar_bytes(size));
  resizer.finish(planar.data());
  return planar;
}

// The filter in real numbers, with no table, no crop before and no order of loops in common with the library: what a
// pass gives before rounding.
double filtered(const std::vector<double>& line, int target, int output) {
  const double scale = static_cast<double>(line.size()) / target;
  const double support = std::max(scale, 1.0);
  const double center = (output + 0.5) * scale;
  double sum = 0;
  double weights = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const double weight = 1 - std::fabs(static_cast<double>(i) + 0.5 - center) / support;
    if (weight <= 0) continue;
    sum += weight * line[i];
    weights += weight;
  }
  return sum / weights;
}

double rounded(double value) {
  return std::clamp(std::floor(value + 0.5), 0.0, 255.0);
}

double restated(Source& source, int size, int channel, int x, int y) {
  const Geometry geometry = resize_and_crop(source.width, source.height, size);
  std::vector<double> column;
  for (int row = 0; row < source.height; ++row) {
    std::vector<double> line;
    for (int i = 0; i < source.width; ++i) line.push_back(source.row(row)[4 * i + channel]);
    column.push_back(rounded(filtered(line, static_cast<int>(geometry.width), static_cast<int>(geometry.left) + x)));
  }
  return rounded(filtered(column, static_cast<int>(geometry.height), static_cast<int>(geometry.top) + y));
}

struct Case {
  int width;
  int height;
  int size;
};

class ImageKernels : public testing::TestWithParam<Case> {};

TEST_P(ImageKernels, PlainIsTheTriangleFilterRestatedInRealNumbers) {
  const auto [width, height, size] = GetParam();
  Source source = make_source(width, height, Content::random);
  const std::vector<std::uint8_t> planar = resize(source, size, plain_kernels());
  for (int channel = 0; channel < 3; ++channel) {
    for (int i = 0; i < size; i += std::max(1, size / 5)) {
      const int x = (i * 7 + channel) % size;
      const int at = (channel * size + i) * size + x;
      // Half a level more for values that lie on the border of two levels within the weights' 22 bits.
      EXPECT_NEAR(planar[static_cast<std::size_t>(at)], restated(source, size, channel, x, i), 1.0);
    }
  }
}

TEST_P(ImageKernels, Avx2GivesTheBytesOfPlain) {
  if (avx2_kernels() == nullptr) GTEST_SKIP() << "this processor has no AVX2";
  const auto [width, height, size] = GetParam();
  for (const Content content : {Content::random, Content::extreme}) {
    Source source = make_source(width, height, content);
    EXPECT_EQ(resize(source, size, *avx2_kernels()), resize(source, size, plain_kernels()));
  }
}

INSTANTIATE_TEST_SUITE_P(Sizes, ImageKernels,
                         testing::Values(Case{1, 1, 1}, Case{1, 1, 64}, Case{7, 5, 64}, Case{9, 7, 13},
                                         Case{63, 200, 64}, Case{64, 64, 64}, Case{65, 97, 64}, Case{301, 64, 64},
                                         Case{2, 900, 24}, Case{1000, 67, 65}, Case{640, 480, 64}, Case{333, 222, 7},
                                         Case{1500, 1100, 1}, Case{136, 128, 128}),
                         [](const auto& one) {
                           return std::to_string(one.param.width) + "x" + std::to_string(one.param.height) + "To" +
                                  std::to_string(one.param.size);
                         });

TEST(ImageKernelsFloats, EveryByteIsToTensorAndNormalizeBitForBit) {
  std::vector<std::uint8_t> bytes(256);
  for (std::size_t i = 0; i < 256; ++i) bytes[i] = static_cast<std::uint8_t>(i);
  for (const Kernels* kernels : {&plain_kernels(), &best_kernels()}) {
    std::vector<float> floats(256);
    kernels->to_floats(bytes.data(), 256, floats.data());
    for (std::size_t i = 0; i < 256; ++i) {
      volatile float tensor = static_cast<float>(i) / 255.0f;  // volatile: rounded after every step
      volatile float shifted = tensor - 0.5f;
      EXPECT_EQ(floats[i], shifted / 0.5f) << kernels->name << ", " << i;
    }
  }
}

TEST(ImageKernelsFloats, AnyCountIsWrittenAndNothingAfterIt) {
  const std::vector<std::uint8_t> bytes(40, 255);
  for (std::size_t count = 0; count <= bytes.size(); ++count) {
    std::vector<float> floats(bytes.size() + 1, 7.0f);
    best_kernels().to_floats(bytes.data(), count, floats.data());
    EXPECT_EQ(std::count(floats.begin(), floats.end(), 1.0f), static_cast<std::ptrdiff_t>(count));
    EXPECT_EQ(floats[count], 7.0f);
  }
}

}  // namespace
}  // namespace smflow::images
