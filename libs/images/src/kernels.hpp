#pragma once

#include "axis.hpp"

#include <cstddef>
#include <cstdint>

namespace smflow::images {

// The inner loops, in versions that give the same bytes. `plain` is the reference that the others are tested against.
//
// Source pixels are 4 bytes, R G B and one that is ignored. The horizontal pass turns four rows into one "band":
// [column * 4 + channel][row], 16 bytes a column, for columns rounded up to a multiple of 8. The vertical pass reads
// bands. Between the passes values are rounded to 8 bits, as Pillow does.
struct Kernels {
  const char* name;

  // rows[r] points to source column `first_column`; 16 bytes after the last source column must be readable.
  void (*across)(const std::uint8_t* const rows[4], int first_column, const Axis& axis, std::uint8_t* band);

  // One output row, split into its three colours: `columns` bytes to each of `planes`. `bands` starts with the band
  // of the row axis.first.
  void (*down)(const std::uint8_t* bands, std::size_t band_bytes, const Axis& axis, int output, int columns,
               std::uint8_t* const planes[3]);

  // (value / 255 - 0.5) / 0.5 in single precision, each step rounded.
  void (*to_floats)(const std::uint8_t* bytes, std::size_t count, float* floats);
};

const Kernels& plain_kernels();
// nullptr where the compiler's target or this processor lacks AVX2 and FMA.
const Kernels* avx2_kernels();
const Kernels& best_kernels();

constexpr std::size_t band_bytes(int columns) {
  return static_cast<std::size_t>((columns + 7) / 8 * 8) * 16;
}

}  // namespace smflow::images
