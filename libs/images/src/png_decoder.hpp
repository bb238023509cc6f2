#pragma once

#include "byte_buffer.hpp"
#include "decoded.hpp"
#include "png_format.hpp"
#include "png_inflate.hpp"
#include "resizer.hpp"

#include <cstdint>
#include <span>

namespace smflow::images {

// Decodes every kind of PNG file as Pillow's convert("RGB") does. The format is small enough that reading it here costs
// less than bending libpng, which inflates as a stream and refuses what Pillow takes. Not safe to use from two threads
// at once.
class PngDecoder {
 public:
  // Feeds the picture to `resizer`, from begin() to the last band. `file` has a PNG signature. Throws std::bad_alloc.
  Result<Decoded> decode(std::span<const std::uint8_t> file, Resizer& resizer);

  void trim();

 private:
  bool decode_rows(Resizer& resizer);
  bool decode_passes(Resizer& resizer);
  bool expand_pass(const PngPass& pass, std::uint8_t*& raw);

  PngFile png_;
  PngInflater inflater_;
  ByteBuffer raw_;   // inflated: rows with their filters
  ByteBuffer rows_;  // four rows of 4-byte pixels, or the whole picture when it is interlaced
  ByteBuffer zeros_;
};

}  // namespace smflow::images
