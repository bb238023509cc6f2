#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>

namespace smflow::aws {

// Reflected CRCs whose register starts and ends inverted, of any width. The bit of weight x^0 is the highest one.
template <class Word, Word Polynomial>
struct Crc {
  using State = Word;
  static constexpr int width = std::numeric_limits<Word>::digits;

  static constexpr Word times_x(Word value) { return static_cast<Word>(value >> 1) ^ (value & 1 ? Polynomial : 0); }

  // a(x) * b(x) modulo the polynomial.
  static constexpr Word multiply(Word a, Word b) {
    Word product = 0;
    for (int bit = width - 1; bit >= 0; --bit, b = times_x(b)) {
      if (a >> bit & 1) product ^= b;
    }
    return product;
  }

  static constexpr Word power_of_x(std::uint64_t exponent) {
    Word result = Word{1} << (width - 1);
    for (Word square = result >> 1; exponent != 0; exponent >>= 1, square = multiply(square, square)) {
      if (exponent & 1) result = multiply(result, square);
    }
    return result;
  }

  // Row k holds what a byte does to the register when k more bytes follow it.
  using Tables = std::array<std::array<Word, 256>, 8>;
  static constexpr Tables make_tables() {
    Tables tables{};
    for (unsigned byte = 0; byte < 256; ++byte) {
      Word value = byte;
      for (int bit = 0; bit < 8; ++bit) value = times_x(value);
      tables[0][byte] = value;
    }
    for (std::size_t row = 1; row < 8; ++row) {
      for (unsigned byte = 0; byte < 256; ++byte) {
        const Word before = tables[row - 1][byte];
        tables[row][byte] = static_cast<Word>(before >> 8) ^ tables[0][before & 0xff];
      }
    }
    return tables;
  }
  static constexpr Tables tables = make_tables();

  // The register after `bytes`, eight at a time.
  static Word update(Word state, std::span<const std::byte> bytes) {
    static_assert(std::endian::native == std::endian::little);
    for (; bytes.size() >= 8; bytes = bytes.subspan(8)) {
      std::uint64_t eight;
      std::memcpy(&eight, bytes.data(), 8);
      eight ^= state;
      state = 0;
      for (int i = 0; i < 8; ++i) state ^= tables[static_cast<std::size_t>(7 - i)][eight >> (8 * i) & 0xff];
    }
    for (const std::byte byte : bytes) {
      state = static_cast<Word>(state >> 8) ^ tables[0][(state ^ static_cast<Word>(byte)) & 0xff];
    }
    return state;
  }

  static Word of(std::span<const std::byte> bytes, Word before) {
    return static_cast<Word>(~update(static_cast<Word>(~before), bytes));
  }

  // `second_length` stays far below 2^61, so that eight times it fits.
  static Word combine(Word first, Word second, std::uint64_t second_length) {
    return multiply(power_of_x(second_length * 8), first) ^ second;
  }
};

using Crc64Nvme = Crc<std::uint64_t, 0x9a6c9329ac4bc9b5>;
using Crc32 = Crc<std::uint32_t, 0xedb88320>;
using Crc32c = Crc<std::uint32_t, 0x82f63b78>;

// True when the processor multiplies without carries; then the register after `bytes`, of which there are at least 64.
bool has_carryless_multiply();
template <class Crc>
typename Crc::State folded_crc(typename Crc::State state, std::span<const std::byte> bytes);

}  // namespace smflow::aws
