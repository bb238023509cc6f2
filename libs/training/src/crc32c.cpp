#include "smflow/training/crc32c.hpp"

#include <array>
#include <cstddef>
#include <cstring>

namespace smflow::training {

namespace {

constexpr std::uint32_t polynomial = 0x82f63b78;  // reflected
constexpr std::size_t slices = 8;
using Tables = std::array<std::array<std::uint32_t, 256>, slices>;

// tables[s][b]: the remainder of byte b followed by s zero bytes ("slicing by 8").
constexpr Tables make_tables() {
  Tables tables{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) ? polynomial : 0);
    tables[0][byte] = crc;
  }
  for (std::size_t s = 1; s < slices; ++s) {
    for (std::size_t byte = 0; byte < 256; ++byte) {
      const std::uint32_t before = tables[s - 1][byte];
      tables[s][byte] = (before >> 8) ^ tables[0][before & 0xff];
    }
  }
  return tables;
}

constexpr Tables tables = make_tables();

std::uint32_t eight_bytes(const char* bytes, std::uint32_t crc) {
  std::array<unsigned char, slices> block;
  std::memcpy(block.data(), bytes, slices);
  for (std::size_t i = 0; i < 4; ++i) block[i] ^= static_cast<unsigned char>(crc >> (8 * i));
  std::uint32_t next = 0;
  for (std::size_t i = 0; i < slices; ++i) next ^= tables[slices - 1 - i][block[i]];
  return next;
}

}  // namespace

std::uint32_t crc32c(std::string_view bytes, std::uint32_t crc) {
  crc = ~crc;
  for (; bytes.size() >= slices; bytes.remove_prefix(slices)) crc = eight_bytes(bytes.data(), crc);
  for (const char c : bytes) crc = (crc >> 8) ^ tables[0][(crc ^ static_cast<unsigned char>(c)) & 0xff];
  return ~crc;
}

std::uint32_t masked_crc32c(std::string_view bytes) {
  const std::uint32_t crc = crc32c(bytes);
  return ((crc >> 15) | (crc << 17)) + 0xa282ead8u;
}

}  // namespace smflow::training
