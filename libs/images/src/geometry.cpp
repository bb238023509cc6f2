#include "geometry.hpp"

#include <cmath>

namespace smflow::images {

namespace {

std::int64_t long_side(std::int64_t length, std::int64_t short_length, int size) {
  return static_cast<std::int64_t>(static_cast<double>(size * length) / static_cast<double>(short_length));
}

std::int64_t half_to_even(std::int64_t rest) {
  return static_cast<std::int64_t>(std::nearbyint(static_cast<double>(rest) / 2.0));
}

}  // namespace

Geometry resize_and_crop(std::int64_t width, std::int64_t height, int size) {
  Geometry geometry{.width = size, .height = size};
  if (width <= height) {
    geometry.height = long_side(height, width, size);
  } else {
    geometry.width = long_side(width, height, size);
  }
  geometry.left = half_to_even(geometry.width - size);
  geometry.top = half_to_even(geometry.height - size);
  return geometry;
}

}  // namespace smflow::images
