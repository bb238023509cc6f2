#pragma once

#include "axis.hpp"
#include "byte_buffer.hpp"
#include "kernels.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <tuple>

namespace smflow::images {

// Resize(size) and CenterCrop(size) of one picture after the other, fed with four source rows at a time, so that no
// decoder has to hold a whole picture. Not safe to use from two threads at once.
class Resizer {
 public:
  explicit Resizer(int size, const Kernels& kernels = best_kernels()) : size_(size), kernels_(kernels) {}

  // A new picture of `width` x `height`, both at least 1. Throws std::bad_alloc; nothing after it does.
  void begin(int width, int height);
  // What is needed of the source: columns [across().first, across().end) of rows [down().first, down().end).
  const Axis& across() const { return *across_; }
  const Axis& down() const { return *down_; }

  // The next four rows, from down().first on. rows[r] points to source column `first_column`. Rows after the last
  // needed one may point anywhere readable.
  void add_band(const std::uint8_t* const rows[4], int first_column) noexcept;
  // After all bands: three planes of size * size bytes.
  void finish(std::uint8_t* planar) const noexcept;

  int size() const { return size_; }
  void trim() { bands_.trim(); }

 private:
  const Axis& axis(int source, std::int64_t target, std::int64_t offset);

  int size_;
  const Kernels& kernels_;
  std::map<std::tuple<int, std::int64_t, std::int64_t>, Axis> axes_;
  const Axis* across_ = nullptr;
  const Axis* down_ = nullptr;
  ByteBuffer bands_;
  std::uint8_t* next_band_ = nullptr;
};

}  // namespace smflow::images
