#include "crc.hpp"

#include <smflow/aws/checksum.hpp>
#include <smflow/base/base64.hpp>

namespace smflow::aws {

namespace {

constexpr std::size_t shortest_folded = 256;

template <class Word>
std::string big_endian_text(Word value) {
  std::string bytes(sizeof(Word), '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(value >> (8 * (sizeof(Word) - 1 - i)));
  return to_base64(bytes);
}

}  // namespace

std::uint64_t crc64nvme(std::span<const std::byte> bytes, std::uint64_t before) {
  static const bool folds = has_carryless_multiply();
  if (!folds || bytes.size() < shortest_folded) return Crc64Nvme::of(bytes, before);
  return ~crc64nvme_folded(~before, bytes);
}

std::uint64_t crc64nvme_combine(std::uint64_t first, std::uint64_t second, std::uint64_t second_length) {
  return Crc64Nvme::combine(first, second, second_length);
}

std::uint32_t crc32(std::span<const std::byte> bytes, std::uint32_t before) {
  return Crc32::of(bytes, before);
}

std::uint32_t crc32_combine(std::uint32_t first, std::uint32_t second, std::uint64_t second_length) {
  return Crc32::combine(first, second, second_length);
}

std::uint32_t crc32c(std::span<const std::byte> bytes, std::uint32_t before) {
  return Crc32c::of(bytes, before);
}

std::uint32_t crc32c_combine(std::uint32_t first, std::uint32_t second, std::uint64_t second_length) {
  return Crc32c::combine(first, second, second_length);
}

std::string checksum_text(std::uint64_t crc64) {
  return big_endian_text(crc64);
}

std::string checksum_text(std::uint32_t crc32) {
  return big_endian_text(crc32);
}

}  // namespace smflow::aws
