#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <smflow/base/error.hpp>

namespace smflow::images {

// What the chunks before the pixels say (PNG specification, third edition, sections 5 and 11).
struct PngFormat {
  enum Colour : std::uint8_t { gray = 0, rgb = 2, palette = 3, gray_alpha = 4, rgb_alpha = 6 };

  std::uint32_t width = 0;
  std::uint32_t height = 0;
  int depth = 0;  // bits of a sample: 1, 2, 4, 8 or 16
  Colour colour = gray;
  bool interlaced = false;
  std::uint32_t colours[256] = {};  // the palette: bytes R G B 255 in memory

  std::size_t bits_per_pixel() const;
  std::size_t row_bytes(std::uint32_t columns) const { return (columns * bits_per_pixel() + 7) / 8; }
  std::size_t filter_distance() const { return (bits_per_pixel() + 7) / 8; }
  // Bytes of the inflated data: every row has one more for its filter.
  std::size_t raw_bytes() const;
};

// One of the seven passes of an interlaced picture: pixels x0 + i * dx of rows y0 + j * dy.
struct PngPass {
  std::uint32_t x0, y0, dx, dy;
  std::uint32_t columns(std::uint32_t width) const { return width > x0 ? (width - x0 + dx - 1) / dx : 0; }
  std::uint32_t rows(std::uint32_t height) const { return height > y0 ? (height - y0 + dy - 1) / dy : 0; }
};
inline constexpr PngPass png_passes[7] = {{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4},
                                          {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}};

struct PngFile {
  PngFormat format;
  std::vector<std::span<const std::uint8_t>> data;  // the contents of the IDAT chunks; the last may be cut short
  std::size_t data_bytes = 0;
};

bool has_png_signature(std::span<const std::uint8_t> file);

// Reads the chunks up to the end of the pixels into `png`, whose memory is used again. As Pillow does: colours that the
// palette lacks are a ramp of grays, checksums count for header and palette only, a missing end is no error.
Result<void> parse_png(std::span<const std::uint8_t> file, PngFile& png);

// Pixels [first, first + count) of an unfiltered row as R G B and a fourth byte. 16-bit samples give their high byte,
// but gray ones saturate at 255, as with Pillow's convert("RGB"). Alpha is dropped.
void expand_png_row(const PngFormat& format, const std::uint8_t* row, std::uint32_t first, std::uint32_t count,
                    std::uint8_t* pixels);

}  // namespace smflow::images
