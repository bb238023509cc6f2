#include "png_format.hpp"

#include "decoded.hpp"

#include <algorithm>
#include <cstring>

#include <libdeflate.h>

namespace smflow::images {

namespace {

constexpr std::uint8_t signature[8] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};

std::uint32_t big_endian(const std::uint8_t* bytes) {
  return std::uint32_t{bytes[0]} << 24 | std::uint32_t{bytes[1]} << 16 | std::uint32_t{bytes[2]} << 8 | bytes[3];
}

struct Chunk {
  std::uint32_t type = 0;
  std::span<const std::uint8_t> data;
  bool whole = false;   // all of its data and its checksum are there
  bool intact = false;  // and the checksum is right; only looked at for whole chunks
};

constexpr std::uint32_t type(const char (&name)[5]) {
  return std::uint32_t(name[0]) << 24 | std::uint32_t(name[1]) << 16 | std::uint32_t(name[2]) << 8 |
         std::uint32_t(name[3]);
}

// The chunk at the start of `rest`, which moves behind it. False at the end of the file.
bool next_chunk(std::span<const std::uint8_t>& rest, Chunk& chunk) {
  if (rest.size() < 8) return false;
  const std::uint32_t length = big_endian(rest.data());
  chunk.type = big_endian(rest.data() + 4);
  chunk.whole = length <= rest.size() - 8 && rest.size() - 8 - length >= 4;
  chunk.data = rest.subspan(8, std::min<std::size_t>(length, rest.size() - 8));
  chunk.intact = chunk.whole;
  if (chunk.whole && (chunk.type == type("IHDR") || chunk.type == type("PLTE"))) {
    chunk.intact = libdeflate_crc32(0, rest.data() + 4, std::size_t{length} + 4) == big_endian(&rest[8 + length]);
  }
  rest = chunk.whole ? rest.subspan(std::size_t{length} + 12) : rest.last(0);
  return true;
}

bool is_known(int depth, int colour) {
  switch (colour) {
    case PngFormat::gray:
      return depth == 1 || depth == 2 || depth == 4 || depth == 8 || depth == 16;
    case PngFormat::palette:
      return depth == 1 || depth == 2 || depth == 4 || depth == 8;
    case PngFormat::rgb:
    case PngFormat::gray_alpha:
    case PngFormat::rgb_alpha:
      return depth == 8 || depth == 16;
    default:
      return false;
  }
}

Result<void> parse_header(const Chunk& chunk, PngFormat& format) {
  if (chunk.type != type("IHDR") || !chunk.intact || chunk.data.size() < 13) {
    return tl::unexpected(unreadable("has a damaged PNG header"));
  }
  const std::uint8_t* data = chunk.data.data();
  format.width = big_endian(data);
  format.height = big_endian(data + 4);
  format.depth = data[8];
  format.interlaced = data[12] != 0;
  if (!is_known(data[8], data[9]) || data[11] != 0) {
    return tl::unexpected(unreadable("has a PNG header that does not exist: " + std::to_string(data[8]) +
                                     " bits, colour type " + std::to_string(data[9]) + ", filter method " +
                                     std::to_string(data[11])));
  }
  format.colour = static_cast<PngFormat::Colour>(data[9]);
  const std::string size = std::to_string(format.width) + " x " + std::to_string(format.height) + " pixels";
  if (format.width == 0 || format.height == 0) return tl::unexpected(unreadable("is a picture of " + size));
  if (static_cast<std::uint64_t>(format.width) * format.height > static_cast<std::uint64_t>(most_pixels)) {
    return tl::unexpected(unreadable("is too large: " + size));
  }
  return {};
}

std::uint32_t pixel(std::uint8_t red, std::uint8_t green, std::uint8_t blue) {
  const std::uint8_t bytes[4] = {red, green, blue, 255};
  std::uint32_t value = 0;
  std::memcpy(&value, bytes, 4);
  return value;
}

void set_ramp(PngFormat& format) {
  const int levels = format.colour == PngFormat::gray && format.depth < 8 ? 1 << format.depth : 256;
  for (int i = 0; i < levels; ++i) {
    const auto value = static_cast<std::uint8_t>(i * 255 / (levels - 1));
    format.colours[i] = pixel(value, value, value);
  }
}

void set_palette(std::span<const std::uint8_t> data, PngFormat& format) {
  for (std::size_t i = 0; i < std::min<std::size_t>(data.size() / 3, 256); ++i) {
    format.colours[i] = pixel(data[3 * i], data[3 * i + 1], data[3 * i + 2]);
  }
}

void expand_small(const PngFormat& format, const std::uint8_t* row, std::uint32_t first, std::uint32_t count,
                  std::uint8_t* pixels) {
  const auto depth = static_cast<std::uint32_t>(format.depth);
  const std::uint32_t mask = (1u << depth) - 1;
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::size_t bit = std::size_t{first + i} * depth;
    const std::uint32_t index = row[bit / 8] >> (8 - depth - bit % 8) & mask;
    std::memcpy(pixels + std::size_t{4} * i, &format.colours[index], 4);
  }
}

// Samples of `step` bytes a pixel, the colours at the given places of it.
void expand_samples(const std::uint8_t* pixel, std::size_t step, std::size_t green, std::size_t blue,
                    std::uint32_t count, std::uint8_t* pixels) {
  for (std::uint32_t i = 0; i < count; ++i, pixel += step, pixels += 4) {
    pixels[0] = pixel[0];
    pixels[1] = pixel[green];
    pixels[2] = pixel[blue];
    pixels[3] = 255;
  }
}

void expand_gray_16(const std::uint8_t* row, std::uint32_t count, std::uint8_t* pixels) {
  for (std::uint32_t i = 0; i < count; ++i, row += 2, pixels += 4) {
    const std::uint8_t value = row[0] != 0 ? 255 : row[1];
    pixels[0] = pixels[1] = pixels[2] = value;
    pixels[3] = 255;
  }
}

}  // namespace

std::size_t PngFormat::bits_per_pixel() const {
  const int samples = colour == rgb ? 3 : colour == rgb_alpha ? 4 : colour == gray_alpha ? 2 : 1;
  return static_cast<std::size_t>(samples * depth);
}

std::size_t PngFormat::raw_bytes() const {
  if (!interlaced) return (row_bytes(width) + 1) * height;
  std::size_t bytes = 0;
  for (const PngPass& pass : png_passes) {
    const std::uint32_t columns = pass.columns(width);
    if (columns > 0) bytes += (row_bytes(columns) + 1) * pass.rows(height);
  }
  return bytes;
}

bool has_png_signature(std::span<const std::uint8_t> file) {
  return file.size() >= sizeof signature && std::memcmp(file.data(), signature, sizeof signature) == 0;
}

Result<void> parse_png(std::span<const std::uint8_t> file, PngFile& png) {
  std::span<const std::uint8_t> rest = file.subspan(sizeof signature);
  png.data.clear();
  png.data_bytes = 0;
  Chunk chunk;
  if (!next_chunk(rest, chunk)) return tl::unexpected(unreadable("is cut short"));
  if (auto header = parse_header(chunk, png.format); !header) return header;
  set_ramp(png.format);
  while (next_chunk(rest, chunk)) {
    if (chunk.type == type("IDAT")) {
      png.data.push_back(chunk.data);
      png.data_bytes += chunk.data.size();
    } else if (!png.data.empty()) {
      break;
    } else if (!chunk.whole) {
      return tl::unexpected(unreadable("is cut short"));
    } else if (chunk.type == type("PLTE") && png.format.colour == PngFormat::palette) {
      if (!chunk.intact) return tl::unexpected(unreadable("has a damaged palette"));
      set_palette(chunk.data, png.format);
    }
  }
  if (png.data.empty()) return tl::unexpected(unreadable("has no pixels: no IDAT chunk"));
  return {};
}

void expand_png_row(const PngFormat& format, const std::uint8_t* row, std::uint32_t first, std::uint32_t count,
                    std::uint8_t* pixels) {
  if (format.depth < 8) return expand_small(format, row, first, count, pixels);
  const std::size_t step = format.bits_per_pixel() / 8;
  const std::size_t sample = format.depth == 16 ? 2 : 1;
  const std::uint8_t* pixel = row + step * first;
  switch (format.colour) {
    case PngFormat::palette:
      for (std::uint32_t i = 0; i < count; ++i) std::memcpy(pixels + std::size_t{4} * i, &format.colours[pixel[i]], 4);
      return;
    case PngFormat::gray:
      if (sample == 2) return expand_gray_16(pixel, count, pixels);
      return expand_samples(pixel, step, 0, 0, count, pixels);
    case PngFormat::gray_alpha:
      return expand_samples(pixel, step, 0, 0, count, pixels);
    case PngFormat::rgb:
    case PngFormat::rgb_alpha:
      return expand_samples(pixel, step, sample, 2 * sample, count, pixels);
  }
}

}  // namespace smflow::images
