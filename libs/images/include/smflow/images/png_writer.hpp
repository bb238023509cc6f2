#pragma once

#include <cstdint>
#include <span>
#include <string>

#include <smflow/base/error.hpp>

namespace smflow::images {

// An 8-bit RGB picture as the bytes of a PNG file. `pixels` has 3 * width * height bytes, row by row. Error E309: no
// such picture.
Result<std::string> encode_png(int width, int height, std::span<const std::uint8_t> pixels);

}  // namespace smflow::images
