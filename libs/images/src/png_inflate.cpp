#include "png_inflate.hpp"

#include <cstring>
#include <new>

#include <libdeflate.h>
#include <zlib.h>

namespace smflow::images {

namespace {

std::span<const std::uint8_t> join(const PngFile& png, ByteBuffer& buffer) {
  if (png.data.size() == 1) return png.data.front();
  std::uint8_t* joined = buffer.reserve(png.data_bytes);
  std::uint8_t* end = joined;
  for (const auto part : png.data) {
    if (!part.empty()) std::memcpy(end, part.data(), part.size());
    end += part.size();
  }
  return {joined, png.data_bytes};
}

// Runs inflate over what is left of `stream` into `bytes` bytes at `out`; the answer of the last call.
int inflate_to(z_stream& stream, std::uint8_t* out, std::size_t bytes) {
  stream.next_out = out;
  stream.avail_out = static_cast<uInt>(bytes);
  return ::inflate(&stream, Z_NO_FLUSH);
}

bool inflate_tolerantly(std::span<const std::uint8_t> data, std::uint8_t* raw, std::size_t bytes) {
  z_stream stream{};
  stream.next_in = const_cast<Bytef*>(data.data());
  stream.avail_in = static_cast<uInt>(data.size());
  if (inflateInit(&stream) != Z_OK) throw std::bad_alloc();
  int answer = inflate_to(stream, raw, bytes);
  bool good = (answer == Z_OK || answer == Z_STREAM_END) && stream.avail_out == 0;
  if (good && answer == Z_OK) {
    // All pixels are there. A checksum that is there too must be right.
    std::uint8_t more = 0;
    answer = inflate_to(stream, &more, 1);
    good = answer != Z_DATA_ERROR;
  }
  inflateEnd(&stream);
  return good;
}

}  // namespace

void PngInflater::Free::operator()(libdeflate_decompressor* decompressor) const {
  libdeflate_free_decompressor(decompressor);
}

PngInflater::PngInflater() : decompressor_(libdeflate_alloc_decompressor()) {
  if (decompressor_ == nullptr) throw std::bad_alloc();
}

bool PngInflater::inflate(const PngFile& png, std::uint8_t* raw, std::size_t bytes) {
  const std::span<const std::uint8_t> data = join(png, joined_);
  if (data.empty()) return false;
  const auto answer = libdeflate_zlib_decompress(decompressor_.get(), data.data(), data.size(), raw, bytes, nullptr);
  return answer == LIBDEFLATE_SUCCESS || inflate_tolerantly(data, raw, bytes);
}

}  // namespace smflow::images
