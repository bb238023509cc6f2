#include "kernels.hpp"

#if defined(__x86_64__)
#include <cstring>

#include <immintrin.h>

// Per function, not per file: an inline function of a header compiled with AVX2 here could be the copy that the linker
// keeps for everyone.
#define SMFLOW_AVX2 __attribute__((target("avx2,fma")))

namespace smflow::images {

namespace {

struct Sums {
  __m256i high;
  __m256i low;
};

SMFLOW_AVX2 inline void multiply_add(Sums& sums, __m256i pixels, __m256i high, __m256i low) {
  sums.high = _mm256_add_epi32(sums.high, _mm256_madd_epi16(pixels, high));
  sums.low = _mm256_add_epi32(sums.low, _mm256_madd_epi16(pixels, low));
}

// high * 4096 + low, rounded and cut to the integer; clamping comes with the packing that follows.
SMFLOW_AVX2 inline __m256i rounded(const Sums& sums) {
  const __m256i sum = _mm256_add_epi32(_mm256_slli_epi32(sums.high, 12), sums.low);
  return _mm256_srai_epi32(_mm256_add_epi32(sum, _mm256_set1_epi32(1 << (weight_bits - 1))), weight_bits);
}

SMFLOW_AVX2 inline __m128i rounded_across(const Sums& sums) {
  const __m256i sum = _mm256_add_epi32(_mm256_slli_epi32(sums.high, 12), sums.low);
  const __m128i both = _mm_add_epi32(_mm256_castsi256_si128(sum), _mm256_extracti128_si256(sum, 1));
  return _mm_srai_epi32(_mm_add_epi32(both, _mm_set1_epi32(1 << (weight_bits - 1))), weight_bits);
}

// Pixels 0 and 1 to the low half and 2 and 3 to the high half, as 16-bit pairs of one channel.
SMFLOW_AVX2 inline __m256i pairs_of_four_pixels(const std::uint8_t* pixels) {
  const __m256i order = _mm256_setr_epi8(0, -1, 4, -1, 1, -1, 5, -1, 2, -1, 6, -1, 3, -1, 7, -1,  //
                                         8, -1, 12, -1, 9, -1, 13, -1, 10, -1, 14, -1, 11, -1, 15, -1);
  const __m128i four = _mm_loadu_si128(reinterpret_cast<const __m128i*>(pixels));
  return _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(four), order);
}

SMFLOW_AVX2 void across(const std::uint8_t* const rows[4], int first_column, const Axis& axis, std::uint8_t* band) {
  const __m256i high_order = _mm256_setr_epi8(0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3,  //
                                              4, 5, 6, 7, 4, 5, 6, 7, 4, 5, 6, 7, 4, 5, 6, 7);
  const __m256i low_order = _mm256_add_epi8(high_order, _mm256_set1_epi8(8));
  const __m128i by_channel = _mm_setr_epi8(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
  const int outputs = axis.outputs();
  const int* start = axis.start.data();
  const int* groups = axis.across_groups.data();
  const std::int16_t* weights_of_output = axis.across.data();
  for (int i = 0; i < outputs; ++i, band += 16, weights_of_output += axis.across_stride) {
    const std::ptrdiff_t place = std::ptrdiff_t{4} * (start[i] - first_column);
    const std::uint8_t* p0 = rows[0] + place;
    const std::uint8_t* p1 = rows[1] + place;
    const std::uint8_t* p2 = rows[2] + place;
    const std::uint8_t* p3 = rows[3] + place;
    const __m256i zero = _mm256_setzero_si256();
    Sums s0{zero, zero}, s1{zero, zero}, s2{zero, zero}, s3{zero, zero};
    const std::int16_t* weights = weights_of_output;
    for (int g = 0; g < groups[i]; ++g, weights += 8) {
      const __m256i both = _mm256_broadcastsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(weights)));
      const __m256i high = _mm256_shuffle_epi8(both, high_order);
      const __m256i low = _mm256_shuffle_epi8(both, low_order);
      multiply_add(s0, pairs_of_four_pixels(p0 + 16 * g), high, low);
      multiply_add(s1, pairs_of_four_pixels(p1 + 16 * g), high, low);
      multiply_add(s2, pairs_of_four_pixels(p2 + 16 * g), high, low);
      multiply_add(s3, pairs_of_four_pixels(p3 + 16 * g), high, low);
    }
    const __m128i rows_01 = _mm_packs_epi32(rounded_across(s0), rounded_across(s1));
    const __m128i rows_23 = _mm_packs_epi32(rounded_across(s2), rounded_across(s3));
    const __m128i bytes = _mm_shuffle_epi8(_mm_packus_epi16(rows_01, rows_23), by_channel);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(band), bytes);
  }
}

SMFLOW_AVX2 inline void multiply_add_rows(Sums& sums, const std::uint8_t* values, const __m256i (&weights)[4]) {
  const __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(values));
  const __m256i rows_02 = _mm256_and_si256(bytes, _mm256_set1_epi16(255));
  const __m256i rows_13 = _mm256_srli_epi16(bytes, 8);
  multiply_add(sums, rows_02, weights[0], weights[2]);
  multiply_add(sums, rows_13, weights[1], weights[3]);
}

// Eight output pixels from 32 sums of 4 bytes, sorted into eight bytes of each colour.
SMFLOW_AVX2 inline __m256i by_colour(const Sums (&sums)[4]) {
  const __m256i pixels_0123 = _mm256_packs_epi32(rounded(sums[0]), rounded(sums[1]));           // pixels 0 2 | 1 3
  const __m256i pixels_4567 = _mm256_packs_epi32(rounded(sums[2]), rounded(sums[3]));           // pixels 4 6 | 5 7
  const __m256i bytes = _mm256_packus_epi16(pixels_0123, pixels_4567);                          // 0 2 4 6 | 1 3 5 7
  const __m256i order = _mm256_setr_epi8(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15,  //
                                         0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
  const __m256i colours = _mm256_shuffle_epi8(bytes, order);
  const __m256i odd = _mm256_permute2x128_si256(colours, colours, 0x11);
  const __m128i red_green = _mm_unpacklo_epi8(_mm256_castsi256_si128(colours), _mm256_castsi256_si128(odd));
  const __m128i blue_rest = _mm_unpackhi_epi8(_mm256_castsi256_si128(colours), _mm256_castsi256_si128(odd));
  return _mm256_inserti128_si256(_mm256_castsi128_si256(red_green), blue_rest, 1);
}

SMFLOW_AVX2 void down(const std::uint8_t* bands, std::size_t band_bytes, const Axis& axis, int output, int columns,
                      std::uint8_t* const planes[3]) {
  const auto place = static_cast<std::size_t>(output);
  const int groups = axis.down_groups[place];
  const std::int16_t* first_weights = &axis.down[place * static_cast<std::size_t>(axis.down_stride)];
  const std::uint8_t* first_band = bands + static_cast<std::size_t>(axis.down_start[place]) * band_bytes;
  for (int column = 0; column < columns; column += 8) {
    const std::uint8_t* values = first_band + 16 * static_cast<std::size_t>(column);
    const std::int16_t* weights = first_weights;
    const __m256i zero = _mm256_setzero_si256();
    Sums sums[4] = {{zero, zero}, {zero, zero}, {zero, zero}, {zero, zero}};
    for (int g = 0; g < groups; ++g, weights += 8, values += band_bytes) {
      int pair[4];
      std::memcpy(pair, weights, sizeof pair);
      const __m256i four[4] = {_mm256_set1_epi32(pair[0]), _mm256_set1_epi32(pair[1]), _mm256_set1_epi32(pair[2]),
                               _mm256_set1_epi32(pair[3])};
      for (int i = 0; i < 4; ++i) multiply_add_rows(sums[i], values + 32 * i, four);
    }
    alignas(32) std::uint8_t colours[32];
    _mm256_store_si256(reinterpret_cast<__m256i*>(colours), by_colour(sums));
    const auto wanted = static_cast<std::size_t>(columns - column < 8 ? columns - column : 8);
    for (int channel = 0; channel < 3; ++channel) {
      if (wanted == 8) {
        std::memcpy(planes[channel] + column, colours + 8 * channel, 8);
      } else {
        std::memcpy(planes[channel] + column, colours + 8 * channel, wanted);
      }
    }
  }
}

SMFLOW_AVX2 void to_floats(const std::uint8_t* bytes, std::size_t count, float* floats) {
  const __m256 divisor = _mm256_set1_ps(255.0f);
  const __m256 reciprocal = _mm256_set1_ps(1.0f / 255.0f);
  const __m256 half = _mm256_set1_ps(0.5f);
  std::size_t i = 0;
  for (; i + 8 <= count; i += 8) {
    const __m128i eight = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(bytes + i));
    const __m256 value = _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(eight));
    // One step of correction makes the product the rounded quotient, for less than a division costs.
    const __m256 estimate = _mm256_mul_ps(value, reciprocal);
    const __m256 rest = _mm256_fnmadd_ps(estimate, divisor, value);
    const __m256 shifted = _mm256_sub_ps(_mm256_fmadd_ps(rest, reciprocal, estimate), half);
    _mm256_storeu_ps(floats + i, _mm256_add_ps(shifted, shifted));
  }
  plain_kernels().to_floats(bytes + i, count - i, floats + i);
}

}  // namespace

const Kernels* avx2_kernels() {
  static constexpr Kernels kernels{"avx2", across, down, to_floats};
  static const bool usable = __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0;
  return usable ? &kernels : nullptr;
}

}  // namespace smflow::images

#else

namespace smflow::images {

const Kernels* avx2_kernels() {
  return nullptr;
}

}  // namespace smflow::images

#endif
