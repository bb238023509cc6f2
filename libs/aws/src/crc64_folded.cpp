#include "crc.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

// Folding after Gopal et al., "Fast CRC Computation for Generic Polynomials Using PCLMULQDQ Instruction" (Intel, 2009).
namespace smflow::aws {

#if defined(__x86_64__)

namespace {

// What the two halves of a register are multiplied with to move it `bits` further. The product of two reflected words
// is one bit short of the register, hence the - 1.
struct Fold {
  std::uint64_t low;
  std::uint64_t high;
};
constexpr Fold fold_by(unsigned bits) {
  return {Crc64Nvme::power_of_x(64 + bits - 1), Crc64Nvme::power_of_x(bits - 1)};
}
constexpr Fold by_512 = fold_by(512);
constexpr Fold by_128 = fold_by(128);

__attribute__((target("pclmul,sse4.1"))) inline __m128i folded(__m128i value, __m128i factors, __m128i next) {
  const __m128i low = _mm_clmulepi64_si128(value, factors, 0x00);
  const __m128i high = _mm_clmulepi64_si128(value, factors, 0x11);
  return _mm_xor_si128(_mm_xor_si128(low, high), next);
}

inline __m128i load(const std::byte* bytes) {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes));
}

inline __m128i factors_of(Fold fold) {
  return _mm_set_epi64x(static_cast<long long>(fold.high), static_cast<long long>(fold.low));
}

}  // namespace

bool has_carryless_multiply() {
  return __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("sse4.1");
}

__attribute__((target("pclmul,sse4.1"))) std::uint64_t crc64nvme_folded(std::uint64_t state,
                                                                        std::span<const std::byte> bytes) {
  __m128i lanes[4];
  for (std::size_t i = 0; i < 4; ++i) lanes[i] = load(bytes.data() + 16 * i);
  lanes[0] = _mm_xor_si128(lanes[0], _mm_set_epi64x(0, static_cast<long long>(state)));
  bytes = bytes.subspan(64);
  const __m128i far = factors_of(by_512);
  for (; bytes.size() >= 64; bytes = bytes.subspan(64)) {
    for (std::size_t i = 0; i < 4; ++i) lanes[i] = folded(lanes[i], far, load(bytes.data() + 16 * i));
  }
  const __m128i near = factors_of(by_128);
  __m128i last = lanes[0];
  for (std::size_t i = 1; i < 4; ++i) last = folded(last, near, lanes[i]);
  // What is left is a message of 16 bytes with the same remainder.
  std::array<std::byte, 16> rest;
  std::memcpy(rest.data(), &last, sizeof last);
  return Crc64Nvme::update(Crc64Nvme::update(0, rest), bytes);
}

#else

bool has_carryless_multiply() {
  return false;
}

std::uint64_t crc64nvme_folded(std::uint64_t state, std::span<const std::byte> bytes) {
  return Crc64Nvme::update(state, bytes);
}

#endif

}  // namespace smflow::aws
