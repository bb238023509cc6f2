#include "resizer.hpp"

#include "geometry.hpp"

namespace smflow::images {

namespace {

// Data sets have few sizes; one where every picture differs must not fill the memory with tables.
constexpr std::size_t kept_axes = 64;

}  // namespace

const Axis& Resizer::axis(int source, std::int64_t target, std::int64_t offset) {
  const auto [place, is_new] = axes_.try_emplace({source, target, offset});
  if (is_new) {
    try {
      place->second = make_axis(source, target, offset, size_);
    } catch (...) {
      axes_.erase(place);
      throw;
    }
  }
  return place->second;
}

void Resizer::begin(int width, int height) {
  if (axes_.size() + 2 > kept_axes) axes_.clear();
  const Geometry geometry = resize_and_crop(width, height, size_);
  across_ = &axis(width, geometry.width, geometry.left);
  down_ = &axis(height, geometry.height, geometry.top);
  const auto bands = static_cast<std::size_t>((down_->end - down_->first + 3) / 4);
  next_band_ = bands_.reserve(bands * band_bytes(size_));
}

void Resizer::add_band(const std::uint8_t* const rows[4], int first_column) noexcept {
  kernels_.across(rows, first_column, *across_, next_band_);
  next_band_ += band_bytes(size_);
}

void Resizer::finish(std::uint8_t* planar) const noexcept {
  const auto size = static_cast<std::size_t>(size_);
  for (std::size_t row = 0; row < size; ++row) {
    std::uint8_t* const planes[3] = {planar + row * size, planar + (size + row) * size,
                                     planar + (2 * size + row) * size};
    kernels_.down(bands_.data(), band_bytes(size_), *down_, static_cast<int>(row), size_, planes);
  }
}

}  // namespace smflow::images
