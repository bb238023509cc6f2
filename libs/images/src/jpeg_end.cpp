#include "jpeg_end.hpp"

#include <cstring>

namespace smflow::images {

namespace {

// Within entropy-coded data FF is followed by 00; FF FF is padding, and 01 and D0 to D7 stand without a segment.
bool stands_alone(std::uint8_t marker) {
  return marker <= 0x01 || marker == 0xFF || (marker >= 0xD0 && marker <= 0xD8);
}

}  // namespace

bool has_end_of_image(std::span<const std::uint8_t> rest) {
  while (rest.size() >= 2) {
    const auto* found = static_cast<const std::uint8_t*>(std::memchr(rest.data(), 0xFF, rest.size() - 1));
    if (found == nullptr) return false;
    rest = rest.subspan(static_cast<std::size_t>(found - rest.data()) + 1);
    const std::uint8_t marker = rest[0];
    if (marker == 0xD9) return true;
    if (stands_alone(marker)) continue;
    if (rest.size() < 3) return false;
    const std::size_t segment = std::size_t{256} * rest[1] + rest[2];
    if (segment + 1 > rest.size()) return false;
    rest = rest.subspan(segment + 1);
  }
  return false;
}

}  // namespace smflow::images
