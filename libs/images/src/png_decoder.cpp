#include "png_decoder.hpp"

#include "png_filter.hpp"

#include <algorithm>
#include <cstring>

namespace smflow::images {

namespace {

// The best that deflate can do is 258 bytes for two bits.
constexpr std::size_t best_ratio = 1032;

std::uint8_t* zero_row(ByteBuffer& buffer, std::size_t bytes) {
  std::uint8_t* zeros = buffer.reserve(bytes);
  std::memset(zeros, 0, bytes);
  return zeros;
}

bool filters_exist(const std::uint8_t* raw, std::size_t row_bytes, std::size_t rows) {
  for (std::size_t i = 0; i < rows; ++i) {
    if (raw[i * (row_bytes + 1)] > 4) return false;
  }
  return true;
}

}  // namespace

Result<Decoded> PngDecoder::decode(std::span<const std::uint8_t> file, Resizer& resizer) {
  if (auto parsed = parse_png(file, png_); !parsed) return tl::unexpected(std::move(parsed).error());
  const std::size_t bytes = png_.format.raw_bytes();
  if (bytes / best_ratio > png_.data_bytes) return tl::unexpected(unreadable("is cut short"));
  if (!inflater_.inflate(png_, raw_.reserve(bytes), bytes)) {
    return tl::unexpected(unreadable("is cut short, or its pixel data are damaged"));
  }
  resizer.begin(static_cast<int>(png_.format.width), static_cast<int>(png_.format.height));
  const bool good = png_.format.interlaced ? decode_passes(resizer) : decode_rows(resizer);
  if (!good) return tl::unexpected(unreadable("has damaged pixel data: a filter that does not exist"));
  return Decoded{};
}

bool PngDecoder::decode_rows(Resizer& resizer) {
  const PngFormat& format = png_.format;
  const Axis& across = resizer.across();
  const Axis& down = resizer.down();
  const std::size_t bytes = format.row_bytes(format.width);
  const bool as_is = format.colour == PngFormat::rgb_alpha && format.depth == 8;
  const auto columns = static_cast<std::uint32_t>(across.end - across.first);
  const std::size_t stride = row_stride(std::size_t{4} * columns);
  std::uint8_t* pixels = rows_.reserve(4 * stride);
  const std::uint8_t* above = zero_row(zeros_, bytes);
  const std::uint8_t* band[4] = {pixels, pixels, pixels, pixels};
  std::uint8_t* raw = raw_.data();
  for (int row = 0; row < down.end; ++row, raw += bytes + 1) {
    if (!undo_png_filter(raw[0], raw + 1, above, bytes, format.filter_distance())) return false;
    above = raw + 1;
    if (row < down.first) continue;
    const auto place = static_cast<std::size_t>((row - down.first) % 4);
    band[place] = as_is ? above : pixels + place * stride;
    if (!as_is) {
      expand_png_row(format, above, static_cast<std::uint32_t>(across.first), columns, pixels + place * stride);
    }
    if (place == 3 || row + 1 == down.end) resizer.add_band(band, as_is ? 0 : across.first);
  }
  return filters_exist(raw, bytes, format.height - static_cast<std::size_t>(down.end));
}

bool PngDecoder::expand_pass(const PngPass& pass, std::uint8_t*& raw) {
  const PngFormat& format = png_.format;
  const std::uint32_t columns = pass.columns(format.width);
  if (columns == 0) return true;
  const std::size_t bytes = format.row_bytes(columns);
  const std::size_t full_stride = row_stride(std::size_t{4} * format.width);
  std::uint8_t* line = rows_.data() + full_stride * format.height;
  const std::uint8_t* above = zeros_.data();
  for (std::uint32_t i = 0; i < pass.rows(format.height); ++i, raw += bytes + 1) {
    if (!undo_png_filter(raw[0], raw + 1, above, bytes, format.filter_distance())) return false;
    above = raw + 1;
    expand_png_row(format, above, 0, columns, line);
    std::uint8_t* row = rows_.data() + full_stride * (pass.y0 + std::size_t{i} * pass.dy);
    for (std::uint32_t j = 0; j < columns; ++j) {
      std::memcpy(row + std::size_t{4} * (pass.x0 + std::size_t{j} * pass.dx), line + std::size_t{4} * j, 4);
    }
  }
  return true;
}

bool PngDecoder::decode_passes(Resizer& resizer) {
  const PngFormat& format = png_.format;
  const std::size_t stride = row_stride(std::size_t{4} * format.width);
  rows_.reserve(stride * (std::size_t{format.height} + 1));
  zero_row(zeros_, format.row_bytes(format.width));
  std::uint8_t* raw = raw_.data();
  for (const PngPass& pass : png_passes) {
    if (!expand_pass(pass, raw)) return false;
  }
  const auto last = static_cast<std::size_t>(resizer.down().end) - 1;
  for (auto row = static_cast<std::size_t>(resizer.down().first); row <= last; row += 4) {
    const std::uint8_t* band[4];
    for (std::size_t i = 0; i < 4; ++i) band[i] = rows_.data() + stride * std::min(row + i, last);
    resizer.add_band(band, 0);
  }
  return true;
}

void PngDecoder::trim() {
  inflater_.trim();
  raw_.trim();
  rows_.trim();
  zeros_.trim();
}

}  // namespace smflow::images
