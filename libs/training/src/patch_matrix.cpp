#include "patch_matrix.hpp"

#include <algorithm>

namespace smflow::training {

namespace {

constexpr std::int64_t taps = 4;

// Calls use(floats of the row, floats in the picture or nullptr beyond the edge, count) for each run of floats that
// lies in one piece on both sides, in the order of the rows.
template <class Float, class Row, class Use>
void for_each_run(const ConvolutionShape& shape, Float* large, Row* rows, Use use) {
  const std::int64_t height = 2 * shape.height, width = 2 * shape.width, channels = shape.channels;
  for (std::int64_t y = -1; y < height - 1; y += 2) {
    for (std::int64_t x = -1; x < width - 1; x += 2) {
      const std::int64_t begin = std::max<std::int64_t>(x, 0), end = std::min(x + taps, width);
      for (std::int64_t row = y; row < y + taps; ++row, rows += taps * channels) {
        const bool inside = row >= 0 && row < height;
        use(rows, inside ? large + (row * width + begin) * channels : nullptr, (begin - x) * channels,
            (end - begin) * channels);
      }
    }
  }
}

}  // namespace

void patches_to_rows(const ConvolutionShape& shape, const float* large, float* rows) {
  const std::int64_t length = taps * shape.channels;
  for_each_run(shape, large, rows, [=](float* row, const float* pixels, std::int64_t skipped, std::int64_t count) {
    std::fill(row, row + length, 0.0f);
    if (pixels != nullptr) std::copy(pixels, pixels + count, row + skipped);
  });
}

void add_rows_to_patches(const ConvolutionShape& shape, const float* rows, float* large) {
  for_each_run(shape, large, rows, [](const float* row, float* pixels, std::int64_t skipped, std::int64_t count) {
    if (pixels == nullptr) return;
    for (std::int64_t i = 0; i < count; ++i) pixels[i] += row[skipped + i];
  });
}

}  // namespace smflow::training
