// Any bytes as a JPEG or PNG file, scaled to two sizes.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include <smflow/images/reader.hpp>

namespace {

std::uint32_t crc32(const std::uint8_t* data, std::size_t size) {
  std::uint32_t crc = ~0u;
  for (std::size_t i = 0; i < size; ++i) {
    crc ^= data[i];
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320u : 0u);
  }
  return ~crc;
}

std::uint32_t big_endian(const std::uint8_t* data) {
  return std::uint32_t{data[0]} << 24 | std::uint32_t{data[1]} << 16 | std::uint32_t{data[2]} << 8 | data[3];
}

// Every chunk of a PNG file gets the checksum its bytes have, so that mutations reach what is behind the check.
void seal_chunks(std::uint8_t* data, std::size_t size) {
  if (size < 8 || std::memcmp(data, "\x89PNG", 4) != 0) return;
  for (std::size_t at = 8; at + 12 <= size;) {
    const std::size_t length = big_endian(data + at);
    if (length > size - at - 12) return;
    const std::uint32_t crc = crc32(data + at + 4, length + 4);
    for (std::size_t i = 0; i < 4; ++i) data[at + 8 + length + i] = static_cast<std::uint8_t>(crc >> (24 - 8 * i));
    at += 12 + length;
  }
}

}  // namespace

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t largest);

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t largest, unsigned) {
  const std::size_t mutated = LLVMFuzzerMutate(data, size, largest);
  seal_chunks(data, mutated);
  return mutated;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static smflow::images::ImageReader small(8);
  static smflow::images::ImageReader large(64);
  std::vector<std::uint8_t> planes(3 * 64 * 64);
  (void)small.decode({data, size}, planes.data());
  (void)large.decode({data, size}, planes.data());
  return 0;
}
