#pragma once

#include <cstddef>
#include <cstdint>

namespace smflow::images {

// Undoes the filter of one row in place (PNG specification, section 9). `above` is the unfiltered row before, of
// `bytes` zeros for the first row; `distance` the bytes of a pixel, at least 1. False for a filter that does not exist.
bool undo_png_filter(int filter, std::uint8_t* row, const std::uint8_t* above, std::size_t bytes, std::size_t distance);

}  // namespace smflow::images
