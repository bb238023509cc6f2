#pragma once

#include <cstdint>
#include <span>

namespace smflow::images {

// True when the end-of-image marker follows in `rest`, which starts inside entropy-coded data. Markers inside segments
// (thumbnails) do not count.
bool has_end_of_image(std::span<const std::uint8_t> rest);

}  // namespace smflow::images
