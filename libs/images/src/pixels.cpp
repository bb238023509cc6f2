#include "pixels.hpp"

#include "kernels.hpp"

#include <cstring>

namespace smflow::images {

namespace {

void reverse_row(const std::uint8_t* row, std::size_t size, std::uint8_t* reversed) {
  std::size_t done = 0;
  for (; done + 8 <= size; done += 8) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, row + size - done - 8, 8);
    eight = __builtin_bswap64(eight);
    std::memcpy(reversed + done, &eight, 8);
  }
  for (; done < size; ++done) reversed[done] = row[size - done - 1];
}

void interleave_row(const std::uint8_t* const planes[3], std::size_t size, bool flip, std::uint8_t* pixels) {
  for (std::size_t i = 0; i < size; ++i) {
    const std::size_t column = flip ? size - 1 - i : i;
    for (int channel = 0; channel < 3; ++channel) *pixels++ = planes[channel][column];
  }
}

void interleave(const std::uint8_t* planar, std::size_t size, bool flip, std::uint8_t* pixels) {
  const std::size_t plane = size * size;
  for (std::size_t at = 0; at < plane; at += size) {
    const std::uint8_t* const planes[3] = {planar + at, planar + plane + at, planar + 2 * plane + at};
    interleave_row(planes, size, flip, pixels + 3 * at);
  }
}

}  // namespace

void write_pixels(const std::uint8_t* planar, PixelLayout layout, bool flip, std::uint8_t* scratch, float* floats) {
  const auto size = static_cast<std::size_t>(layout.size);
  const std::uint8_t* bytes = planar;
  if (layout.channels_last) {
    interleave(planar, size, flip, scratch);
    bytes = scratch;
  } else if (flip) {
    for (std::size_t row = 0; row < 3 * size; ++row) reverse_row(planar + row * size, size, scratch + row * size);
    bytes = scratch;
  }
  best_kernels().to_floats(bytes, planar_bytes(layout.size), floats);
}

}  // namespace smflow::images
