#include "convolution_kernels.hpp"
#include "winograd_sets.hpp"

#include <random>

#include <gtest/gtest.h>

namespace smflow::training {
namespace {

using Floats = std::vector<float>;

struct Set {
  const char* name;
  const WinogradKernels* kernels;
};

void PrintTo(const Set& set, std::ostream* out) {
  *out << set.name;
}

// Those that this processor runs.
std::vector<Set> sets() {
  std::vector<Set> all = {{"baseline", &winograd_baseline::kernels}};
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) all.push_back({"avx2", &winograd_avx2::kernels});
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl")) {
    all.push_back({"avx512", &winograd_avx512::kernels});
  }
#endif
  return all;
}

Floats random_floats(std::int64_t count, unsigned seed) {
  std::mt19937 generator(seed);
  std::uniform_real_distribution<float> uniform(-1, 1);
  Floats floats(static_cast<std::size_t>(count));
  for (float& value : floats) value = uniform(generator);
  return floats;
}

double dot(const Floats& a, const Floats& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += double{a[i]} * double{b[i]};
  return sum;
}

// Sizes, the kernels, and point matrices that lie a little apart, as the callers have them.
struct Case {
  const WinogradKernels& kernels;
  ConvolutionShape shape;
  std::int64_t tiles = shape.height * shape.width / 4;
  std::int64_t large_size = 4 * shape.height * shape.width * shape.channels;
  std::int64_t small_size = shape.height * shape.width * shape.filters;
  std::ptrdiff_t large_stride = tiles * 4 * shape.channels + 16;
  std::ptrdiff_t small_stride = tiles * shape.filters + 16;

  Floats gathered(const Floats& large) const {
    const Floats zeros(static_cast<std::size_t>(shape.channels));
    Floats points(static_cast<std::size_t>(winograd_points * large_stride));
    kernels.gather(shape, large.data(), zeros.data(), points.data(), large_stride);
    return points;
  }
};

// The weight [K, C, 4, 4] at one of the nine points, for one phase: sums of the taps that the point stands for.
double point_weight(const float* taps, int point_y, int point_x, int phase_y, int phase_x) {
  double sum = 0;
  for (int p = point_y == 2 ? 1 : 0; p <= (point_y == 0 ? 0 : 1); ++p) {
    for (int q = point_x == 2 ? 1 : 0; q <= (point_x == 0 ? 0 : 1); ++q) {
      sum += taps[(2 * p + phase_y) * 4 + 2 * q + phase_x];
    }
  }
  return sum;
}

Floats by_points(const Case& c, const Floats& large, const Floats& weight) {
  const Floats input = c.gathered(large);
  Floats products(static_cast<std::size_t>(winograd_points * c.small_stride));
  for (int point = 0; point < winograd_points; ++point) {
    for (std::int64_t tile = 0; tile < c.tiles; ++tile) {
      for (std::int64_t k = 0; k < c.shape.filters; ++k) {
        double sum = 0;
        for (std::int64_t phase = 0; phase < 4; ++phase) {
          for (std::int64_t ch = 0; ch < c.shape.channels; ++ch) {
            const std::int64_t row = (tile * 4 + phase) * c.shape.channels + ch;
            const float* const taps = weight.data() + (k * c.shape.channels + ch) * 16;
            sum += double{input[static_cast<std::size_t>(point * c.large_stride + row)]} *
                   point_weight(taps, point / 3, point % 3, static_cast<int>(phase / 2), static_cast<int>(phase % 2));
          }
        }
        products[static_cast<std::size_t>(point * c.small_stride + tile * c.shape.filters + k)] =
            static_cast<float>(sum);
      }
    }
  }
  Floats small(static_cast<std::size_t>(c.small_size));
  c.kernels.join(c.shape, products.data(), c.small_stride, small.data());
  return small;
}

double directly(const Case& c, const Floats& large, const Floats& weight, std::int64_t y, std::int64_t x,
                std::int64_t k) {
  const std::int64_t height = 2 * c.shape.height, width = 2 * c.shape.width;
  double sum = 0;
  for (std::int64_t row = 0; row < 4; ++row) {
    for (std::int64_t column = 0; column < 4; ++column) {
      const std::int64_t from_y = 2 * y + row - 1, from_x = 2 * x + column - 1;
      if (from_y < 0 || from_y >= height || from_x < 0 || from_x >= width) continue;
      for (std::int64_t ch = 0; ch < c.shape.channels; ++ch) {
        sum += double{large[static_cast<std::size_t>((from_y * width + from_x) * c.shape.channels + ch)]} *
               double{weight[static_cast<std::size_t>(((k * c.shape.channels + ch) * 4 + row) * 4 + column)]};
      }
    }
  }
  return sum;
}

using Parameters = std::tuple<Set, ConvolutionShape>;
class Winograd : public testing::TestWithParam<Parameters> {
 protected:
  Case case_{*std::get<0>(GetParam()).kernels, std::get<1>(GetParam())};
};

TEST_P(Winograd, ComputesTheConvolution) {
  const ConvolutionShape& shape = case_.shape;
  const Floats large = random_floats(case_.large_size, 1),
               weight = random_floats(shape.filters * shape.channels * 16, 2);
  const Floats small = by_points(case_, large, weight);
  for (std::int64_t y = 0; y < shape.height; ++y) {
    for (std::int64_t x = 0; x < shape.width; ++x) {
      for (std::int64_t k = 0; k < shape.filters; ++k) {
        ASSERT_NEAR(small[static_cast<std::size_t>((y * shape.width + x) * shape.filters + k)],
                    directly(case_, large, weight, y, x, k), 2e-5)
            << y << " " << x << " " << k;
      }
    }
  }
}

// <gather(a), b> = <a, scatter(b)> for all a and b is what being the transpose means.
TEST_P(Winograd, ScattersByTheTransposeOfGathering) {
  const Floats large = random_floats(case_.large_size, 3);
  Floats points = random_floats(winograd_points * case_.large_stride, 4);
  const Floats gathered = case_.gathered(large);
  for (int p = 0; p < winograd_points; ++p) {
    const auto end = static_cast<std::ptrdiff_t>(p + 1) * case_.large_stride;
    std::fill(points.begin() + end - 16, points.begin() + end, 0.0f);
  }
  Floats scattered(large.size()), outside(static_cast<std::size_t>(case_.shape.channels));
  case_.kernels.scatter(case_.shape, points.data(), case_.large_stride, scattered.data(), outside.data());
  EXPECT_NEAR(dot(gathered, points), dot(large, scattered), 1e-3);
}

TEST_P(Winograd, SplitsByTheTransposeOfJoining) {
  const Floats small = random_floats(case_.small_size, 5);
  const Floats points = random_floats(winograd_points * case_.small_stride, 6);
  Floats joined(small.size()), split(points.size());
  case_.kernels.join(case_.shape, points.data(), case_.small_stride, joined.data());
  case_.kernels.split(case_.shape, small.data(), split.data(), case_.small_stride);
  EXPECT_NEAR(dot(joined, small), dot(points, split), 1e-3);
}

TEST_P(Winograd, AddsToWhatIsThereWhenScattering) {
  const Floats points = random_floats(winograd_points * case_.large_stride, 7);
  Floats once(static_cast<std::size_t>(case_.large_size)), outside(static_cast<std::size_t>(case_.shape.channels));
  case_.kernels.scatter(case_.shape, points.data(), case_.large_stride, once.data(), outside.data());
  Floats on_top(once.size(), 1);
  case_.kernels.scatter(case_.shape, points.data(), case_.large_stride, on_top.data(), outside.data());
  for (std::size_t i = 0; i < once.size(); ++i) ASSERT_NEAR(on_top[i], once[i] + 1, 1e-5) << i;
}

INSTANTIATE_TEST_SUITE_P(Sets, Winograd,
                         testing::Combine(testing::ValuesIn(sets()), testing::Values(ConvolutionShape{1, 2, 2, 1, 1},
                                                                                     ConvolutionShape{1, 2, 4, 3, 5},
                                                                                     ConvolutionShape{1, 6, 4, 8, 16},
                                                                                     ConvolutionShape{1, 4, 2, 17, 33},
                                                                                     ConvolutionShape{1, 4, 4, 24, 7})),
                         [](const testing::TestParamInfo<Parameters>& test) {
                           const auto& shape = std::get<1>(test.param);
                           return std::string(std::get<0>(test.param).name) + "_" + std::to_string(shape.height) + "x" +
                                  std::to_string(shape.width) + "_" + std::to_string(shape.channels) + "_to_" +
                                  std::to_string(shape.filters);
                         });

TEST(WinogradChoice, IsTheLastSetThatTheProcessorRuns) {
  EXPECT_EQ(&winograd_kernels(), sets().back().kernels);
}

}  // namespace
}  // namespace smflow::training
