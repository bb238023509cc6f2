#pragma once

#include <cstddef>
#include <cstdint>

namespace smflow::images {

constexpr std::size_t planar_bytes(int size) {
  return 3 * static_cast<std::size_t>(size) * static_cast<std::size_t>(size);
}

struct PixelLayout {
  int size = 0;
  bool channels_last = false;
};

// Three planes of bytes to planar_bytes(size) normalised floats, mirrored left to right with `flip`. `scratch` has room
// for planar_bytes(size) bytes.
void write_pixels(const std::uint8_t* planar, PixelLayout layout, bool flip, std::uint8_t* scratch, float* floats);

}  // namespace smflow::images
