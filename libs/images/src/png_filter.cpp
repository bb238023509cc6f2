#include "png_filter.hpp"

#include <cstdlib>

#if defined(__SSE2__)
#include <cstring>

#include <emmintrin.h>
#endif

namespace smflow::images {

namespace {

std::uint8_t paeth(int left, int above, int corner) {
  const int to_left = std::abs(above - corner);
  const int to_above = std::abs(left - corner);
  const int to_corner = std::abs(left + above - 2 * corner);
  if (to_left <= to_above && to_left <= to_corner) return static_cast<std::uint8_t>(left);
  return static_cast<std::uint8_t>(to_above <= to_corner ? above : corner);
}

void undo_sub(std::uint8_t* row, std::size_t bytes, std::size_t distance) {
  for (std::size_t i = distance; i < bytes; ++i) row[i] = static_cast<std::uint8_t>(row[i] + row[i - distance]);
}

void undo_up(std::uint8_t* row, const std::uint8_t* above, std::size_t bytes) {
  for (std::size_t i = 0; i < bytes; ++i) row[i] = static_cast<std::uint8_t>(row[i] + above[i]);
}

void undo_average(std::uint8_t* row, const std::uint8_t* above, std::size_t bytes, std::size_t distance) {
  for (std::size_t i = 0; i < bytes; ++i) {
    const int left = i < distance ? 0 : row[i - distance];
    row[i] = static_cast<std::uint8_t>(row[i] + (left + above[i]) / 2);
  }
}

void undo_paeth(std::uint8_t* row, const std::uint8_t* above, std::size_t bytes, std::size_t distance) {
  for (std::size_t i = 0; i < bytes; ++i) {
    const bool first = i < distance;
    const int left = first ? 0 : row[i - distance];
    const int corner = first ? 0 : above[i - distance];
    row[i] = static_cast<std::uint8_t>(row[i] + paeth(left, above[i], corner));
  }
}

#if defined(__SSE2__)
// Pixels of 3 or 4 bytes: all channels of a pixel at once. A pixel depends on the one before it, so there is nothing
// wider to gain.
template <std::size_t distance>
__m128i load(const std::uint8_t* pixel) {
  std::int32_t value = 0;
  std::memcpy(&value, pixel, distance);
  return _mm_cvtsi32_si128(value);
}

template <std::size_t distance>
void store(std::uint8_t* pixel, __m128i value) {
  const std::int32_t bytes = _mm_cvtsi128_si32(value);
  std::memcpy(pixel, &bytes, distance);
}

template <std::size_t distance>
void undo_sub_pixels(std::uint8_t* row, std::size_t bytes) {
  __m128i left = _mm_setzero_si128();
  for (std::size_t i = 0; i < bytes; i += distance) {
    left = _mm_add_epi8(left, load<distance>(row + i));
    store<distance>(row + i, left);
  }
}

template <std::size_t distance>
void undo_average_pixels(std::uint8_t* row, const std::uint8_t* above, std::size_t bytes) {
  const __m128i one = _mm_set1_epi8(1);
  __m128i left = _mm_setzero_si128();
  for (std::size_t i = 0; i < bytes; i += distance) {
    const __m128i up = load<distance>(above + i);
    // The instruction rounds up, PNG rounds down.
    const __m128i odd = _mm_and_si128(_mm_xor_si128(left, up), one);
    left = _mm_add_epi8(load<distance>(row + i), _mm_sub_epi8(_mm_avg_epu8(left, up), odd));
    store<distance>(row + i, left);
  }
}

__m128i absolute(__m128i value) {
  return _mm_max_epi16(value, _mm_sub_epi16(_mm_setzero_si128(), value));
}

__m128i choose(__m128i mask, __m128i yes, __m128i no) {
  return _mm_or_si128(_mm_and_si128(mask, yes), _mm_andnot_si128(mask, no));
}

template <std::size_t distance>
void undo_paeth_pixels(std::uint8_t* row, const std::uint8_t* above, std::size_t bytes) {
  const __m128i zero = _mm_setzero_si128();
  __m128i left = zero;
  __m128i corner = zero;
  for (std::size_t i = 0; i < bytes; i += distance) {
    const __m128i up = _mm_unpacklo_epi8(load<distance>(above + i), zero);
    const __m128i from_corner_up = _mm_sub_epi16(up, corner);
    const __m128i from_corner_left = _mm_sub_epi16(left, corner);
    const __m128i to_left = absolute(from_corner_up);
    const __m128i to_up = absolute(from_corner_left);
    const __m128i to_corner = absolute(_mm_add_epi16(from_corner_up, from_corner_left));
    const __m128i nearest = _mm_min_epi16(to_corner, _mm_min_epi16(to_left, to_up));
    const __m128i guess =
        choose(_mm_cmpeq_epi16(nearest, to_left), left, choose(_mm_cmpeq_epi16(nearest, to_up), up, corner));
    const __m128i value = _mm_add_epi8(load<distance>(row + i), _mm_packus_epi16(guess, guess));
    store<distance>(row + i, value);
    corner = up;
    left = _mm_unpacklo_epi8(value, zero);
  }
}

template <std::size_t distance>
bool undo_pixels(int filter, std::uint8_t* row, const std::uint8_t* above, std::size_t bytes) {
  switch (filter) {
    case 1:
      undo_sub_pixels<distance>(row, bytes);
      return true;
    case 3:
      undo_average_pixels<distance>(row, above, bytes);
      return true;
    case 4:
      undo_paeth_pixels<distance>(row, above, bytes);
      return true;
    default:
      return false;
  }
}
#endif

}  // namespace

bool undo_png_filter(int filter, std::uint8_t* row, const std::uint8_t* above, std::size_t bytes,
                     std::size_t distance) {
#if defined(__SSE2__)
  if (distance == 4 && undo_pixels<4>(filter, row, above, bytes)) return true;
  if (distance == 3 && undo_pixels<3>(filter, row, above, bytes)) return true;
#endif
  switch (filter) {
    case 0:
      return true;
    case 1:
      undo_sub(row, bytes, distance);
      return true;
    case 2:
      undo_up(row, above, bytes);
      return true;
    case 3:
      undo_average(row, above, bytes, distance);
      return true;
    case 4:
      undo_paeth(row, above, bytes, distance);
      return true;
    default:
      return false;
  }
}

}  // namespace smflow::images
