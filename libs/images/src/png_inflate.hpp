#pragma once

#include "byte_buffer.hpp"
#include "png_format.hpp"

#include <cstdint>
#include <memory>

struct libdeflate_decompressor;

namespace smflow::images {

// Inflates the pixel data of a PNG file: with libdeflate, and with zlib what libdeflate refuses and Pillow takes, that
// is data that end too early behind the last pixel or go on after it.
class PngInflater {
 public:
  PngInflater();
  // `bytes` bytes of `png.data` to `raw`; false when they are not there. Throws std::bad_alloc.
  bool inflate(const PngFile& png, std::uint8_t* raw, std::size_t bytes);
  void trim() { joined_.trim(); }

 private:
  struct Free {
    void operator()(libdeflate_decompressor* decompressor) const;
  };
  std::unique_ptr<libdeflate_decompressor, Free> decompressor_;
  ByteBuffer joined_;
};

}  // namespace smflow::images
