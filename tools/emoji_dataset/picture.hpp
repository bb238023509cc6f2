#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace smflow::emoji {

// Rows of red, green, blue, 8 bits each.
struct Picture {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> rgb;
};

// A bitmap as FreeType gives it: blue, green, red, alpha, the colours multiplied by alpha (FT_PIXEL_MODE_BGRA).
struct Bitmap {
  int width = 0;
  int height = 0;
  int pitch = 0;  // bytes from row to row
  std::span<const std::uint8_t> bgra;
};

// The bitmap on white, in the middle of a square as large as its longer side. Flattened here, as image loaders drop the
// alpha channel and would show whatever colour hides behind it.
Picture on_white_square(const Bitmap& bitmap);

// A square picture at `size` x `size` pixels, each the mean of the area it covers. `size` is at most the picture's.
Picture shrunk(const Picture& square, int size);

// The bytes of a PNG file; empty when libpng refuses.
std::string encode_png(const Picture& picture);

}  // namespace smflow::emoji
