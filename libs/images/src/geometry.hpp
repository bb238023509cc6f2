#pragma once

#include <cstdint>

namespace smflow::images {

// Where the picture lands with torchvision's Resize(size) and CenterCrop(size): the size after the resize and the
// corner of the square that the crop keeps. Nothing of the resized picture is ever held beyond that square, so that a
// strip of 1 x 100000 pixels costs no more than any other.
struct Geometry {
  std::int64_t width = 0;
  std::int64_t height = 0;
  std::int64_t left = 0;
  std::int64_t top = 0;

  bool operator==(const Geometry&) const = default;
};

// `width`, `height` and `size` are at least 1. The short side becomes `size`, the long side is cut to an integer, and
// halves of an odd rest round to even, as Python's round() does.
Geometry resize_and_crop(std::int64_t width, std::int64_t height, int size);

}  // namespace smflow::images
