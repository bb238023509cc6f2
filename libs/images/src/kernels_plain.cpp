#include "kernels.hpp"

#include <algorithm>
#include <array>

namespace smflow::images {

namespace {

constexpr std::int32_t half = 1 << (weight_bits - 1);

std::uint8_t to_byte(std::int32_t sum) {
  return static_cast<std::uint8_t>(std::clamp(sum >> weight_bits, 0, 255));
}

void across(const std::uint8_t* const rows[4], int first_column, const Axis& axis, std::uint8_t* band) {
  for (int i = 0; i < axis.outputs(); ++i, band += 16) {
    const auto output = static_cast<std::size_t>(i);
    const std::int32_t* weight = &axis.weight[output * static_cast<std::size_t>(axis.stride)];
    for (int row = 0; row < 4; ++row) {
      const std::uint8_t* pixel = rows[row] + std::ptrdiff_t{4} * (axis.start[output] - first_column);
      std::int32_t sum[3] = {half, half, half};
      for (int t = 0; t < axis.count[output]; ++t, pixel += 4) {
        for (int channel = 0; channel < 3; ++channel) sum[channel] += weight[t] * pixel[channel];
      }
      for (int channel = 0; channel < 3; ++channel) band[4 * channel + row] = to_byte(sum[channel]);
    }
  }
}

void down(const std::uint8_t* bands, std::size_t band_bytes, const Axis& axis, int output, int columns,
          std::uint8_t* const planes[3]) {
  const auto place = static_cast<std::size_t>(output);
  const std::int32_t* weight = &axis.weight[place * static_cast<std::size_t>(axis.stride)];
  const int begin = axis.start[place] - axis.first;
  for (int column = 0; column < columns; ++column) {
    for (int channel = 0; channel < 3; ++channel) {
      const std::uint8_t* values = bands + 16 * static_cast<std::size_t>(column) + 4 * channel;
      std::int32_t sum = half;
      for (int t = 0; t < axis.count[place]; ++t) {
        const int row = begin + t;
        sum += weight[t] * values[static_cast<std::size_t>(row / 4) * band_bytes + static_cast<std::size_t>(row % 4)];
      }
      planes[channel][column] = to_byte(sum);
    }
  }
}

const std::array<float, 256>& float_table() {
  static const std::array<float, 256> table = [] {
    std::array<float, 256> values{};
    for (int i = 0; i < 256; ++i) values[static_cast<std::size_t>(i)] = (static_cast<float>(i) / 255.0f - 0.5f) / 0.5f;
    return values;
  }();
  return table;
}

void to_floats(const std::uint8_t* bytes, std::size_t count, float* floats) {
  const std::array<float, 256>& table = float_table();
  for (std::size_t i = 0; i < count; ++i) floats[i] = table[bytes[i]];
}

}  // namespace

const Kernels& plain_kernels() {
  static constexpr Kernels kernels{"plain", across, down, to_floats};
  return kernels;
}

const Kernels& best_kernels() {
  static const Kernels& best = avx2_kernels() != nullptr ? *avx2_kernels() : plain_kernels();
  return best;
}

}  // namespace smflow::images
