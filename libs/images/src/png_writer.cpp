#include "smflow/images/png_writer.hpp"

#include <cstddef>
#include <string_view>

#include <fmt/format.h>
#include <zlib.h>

namespace smflow::images {

namespace {

constexpr std::string_view signature = "\x89PNG\r\n\x1a\n";
constexpr char bits_per_sample = 8, colour_type_rgb = 2, filter_up = 2;

std::string big_endian(std::uint32_t value) {
  return {static_cast<char>(value >> 24), static_cast<char>(value >> 16), static_cast<char>(value >> 8),
          static_cast<char>(value)};
}

std::string chunk(std::string_view type, std::string_view data) {
  const std::string body = std::string(type).append(data);
  const auto crc = crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size()));
  return big_endian(static_cast<std::uint32_t>(data.size())) + body + big_endian(static_cast<std::uint32_t>(crc));
}

// Each row as its difference to the row above, after the filter's number.
std::string filtered(std::size_t row_bytes, std::span<const std::uint8_t> pixels) {
  std::string rows;
  rows.reserve(pixels.size() + pixels.size() / row_bytes);
  for (std::size_t i = 0; i < pixels.size(); ++i) {
    if (i % row_bytes == 0) rows.push_back(filter_up);
    const int above = i < row_bytes ? 0 : pixels[i - row_bytes];
    rows.push_back(static_cast<char>(pixels[i] - above));
  }
  return rows;
}

std::string compressed(const std::string& bytes) {
  uLongf size = compressBound(bytes.size());
  std::string out(size, '\0');
  compress2(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size(),
            Z_DEFAULT_COMPRESSION);
  out.resize(size);
  return out;
}

}  // namespace

Result<std::string> encode_png(int width, int height, std::span<const std::uint8_t> pixels) {
  const auto row_bytes = static_cast<std::size_t>(width) * 3;
  if (width <= 0 || height <= 0 || pixels.size() != row_bytes * static_cast<std::size_t>(height)) {
    return tl::unexpected(Error{.code = "E309",
                                .message = fmt::format("{} bytes are no {} x {} picture", pixels.size(), width, height),
                                .fix = "give three bytes for each of at least one pixel"});
  }
  const std::string header = big_endian(static_cast<std::uint32_t>(width)) +
                             big_endian(static_cast<std::uint32_t>(height)) +
                             std::string{bits_per_sample, colour_type_rgb, 0, 0, 0};
  return std::string(signature) + chunk("IHDR", header) + chunk("IDAT", compressed(filtered(row_bytes, pixels))) +
         chunk("IEND", {});
}

}  // namespace smflow::images
