#include "crc.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

// Folding after Gopal et al., "Fast CRC Computation for Generic Polynomials Using PCLMULQDQ Instruction" (Intel, 2009).
namespace smflow::aws {

#if defined(__x86_64__)

namespace {

// What the two halves of a register are multiplied with to move it `bits` further. The product of two reflected words
// is one bit short of the register, hence the - 1. A shorter remainder stands at the word's end of low powers.
struct Fold {
  std::uint64_t low;
  std::uint64_t high;
};
template <class Crc>
constexpr Fold fold_by(unsigned bits) {
  constexpr int shift = 64 - Crc::width;
  return {std::uint64_t{Crc::power_of_x(64 + bits - 1)} << shift, std::uint64_t{Crc::power_of_x(bits - 1)} << shift};
}

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

template <class Crc>
__attribute__((target("pclmul,sse4.1"))) typename Crc::State folded_crc(typename Crc::State state,
                                                                        std::span<const std::byte> bytes) {
  static constexpr Fold by_512 = fold_by<Crc>(512);
  static constexpr Fold by_128 = fold_by<Crc>(128);
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
  return Crc::update(Crc::update(0, rest), bytes);
}

#else

bool has_carryless_multiply() {
  return false;
}

template <class Crc>
typename Crc::State folded_crc(typename Crc::State state, std::span<const std::byte> bytes) {
  return Crc::update(state, bytes);
}

#endif

template Crc64Nvme::State folded_crc<Crc64Nvme>(Crc64Nvme::State, std::span<const std::byte>);
template Crc32::State folded_crc<Crc32>(Crc32::State, std::span<const std::byte>);
template Crc32c::State folded_crc<Crc32c>(Crc32c::State, std::span<const std::byte>);

}  // namespace smflow::aws
