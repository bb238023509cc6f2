#pragma once

#include "byte_buffer.hpp"
#include "decoded.hpp"
#include "resizer.hpp"

#include <cstdint>
#include <memory>
#include <span>

namespace smflow::images {

// Decodes JPEG files with libjpeg-turbo as Pillow sees them: accurate DCT, smooth chroma, EXIF orientation ignored,
// CMYK taken as inverted. Only the rows and columns that survive resize and crop are made. Not safe to use from two
// threads at once.
class JpegDecoder {
 public:
  JpegDecoder();
  ~JpegDecoder();
  JpegDecoder(const JpegDecoder&) = delete;
  JpegDecoder& operator=(const JpegDecoder&) = delete;

  // Feeds the picture to `resizer`, from begin() to the last band. Throws std::bad_alloc only.
  Result<Decoded> decode(std::span<const std::uint8_t> file, Resizer& resizer);

  void trim() { rows_.trim(); }

  struct State;

 private:
  Error failure() const;

  std::unique_ptr<State> state_;
  ByteBuffer rows_;
};

}  // namespace smflow::images
