#include "crc.hpp"

#include <smflow/aws/checksum.hpp>
#include <smflow/base/base64.hpp>

namespace smflow::aws {

namespace {

constexpr std::size_t shortest_folded = 256;

template <class Crc>
typename Crc::State crc_of(std::span<const std::byte> bytes, typename Crc::State before) {
  static const bool folds = has_carryless_multiply();
  if (!folds || bytes.size() < shortest_folded) return Crc::of(bytes, before);
  return static_cast<typename Crc::State>(~folded_crc<Crc>(static_cast<typename Crc::State>(~before), bytes));
}

std::string big_endian(std::uint64_t value, std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(value >> (8 * (size - 1 - i)));
  return bytes;
}

std::uint64_t number_in(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char byte : bytes) value = value << 8 | static_cast<unsigned char>(byte);
  return value;
}

}  // namespace

std::uint64_t crc64nvme(std::span<const std::byte> bytes, std::uint64_t before) {
  return crc_of<Crc64Nvme>(bytes, before);
}

std::uint64_t crc64nvme_combine(std::uint64_t first, std::uint64_t second, std::uint64_t second_length) {
  return Crc64Nvme::combine(first, second, second_length);
}

std::uint32_t crc32(std::span<const std::byte> bytes, std::uint32_t before) {
  return crc_of<Crc32>(bytes, before);
}

std::uint32_t crc32_combine(std::uint32_t first, std::uint32_t second, std::uint64_t second_length) {
  return Crc32::combine(first, second, second_length);
}

std::uint32_t crc32c(std::span<const std::byte> bytes, std::uint32_t before) {
  return crc_of<Crc32c>(bytes, before);
}

std::uint32_t crc32c_combine(std::uint32_t first, std::uint32_t second, std::uint64_t second_length) {
  return Crc32c::combine(first, second, second_length);
}

std::string checksum_text(std::uint64_t crc64) {
  return to_base64(big_endian(crc64, sizeof crc64));
}

std::string checksum_text(std::uint32_t crc32) {
  return to_base64(big_endian(crc32, sizeof crc32));
}

std::string_view name_of(ChecksumAlgorithm algorithm) {
  switch (algorithm) {
    case ChecksumAlgorithm::crc64nvme:
      return "CRC64NVME";
    case ChecksumAlgorithm::crc32c:
      return "CRC32C";
    case ChecksumAlgorithm::crc32:
      return "CRC32";
    case ChecksumAlgorithm::sha256:
      return "SHA256";
    case ChecksumAlgorithm::sha1:
      return "SHA1";
  }
  return "";
}

bool can_combine(ChecksumAlgorithm algorithm) {
  return algorithm != ChecksumAlgorithm::sha256 && algorithm != ChecksumAlgorithm::sha1;
}

Checksum::Checksum(ChecksumAlgorithm algorithm) : algorithm_(algorithm) {
  if (!can_combine(algorithm)) digest_.emplace(algorithm == ChecksumAlgorithm::sha1 ? Digest::sha1 : Digest::sha256);
}

void Checksum::update(std::span<const std::byte> bytes) {
  switch (algorithm_) {
    case ChecksumAlgorithm::crc64nvme:
      crc_ = crc64nvme(bytes, crc_);
      break;
    case ChecksumAlgorithm::crc32c:
      crc_ = crc32c(bytes, static_cast<std::uint32_t>(crc_));
      break;
    case ChecksumAlgorithm::crc32:
      crc_ = crc32(bytes, static_cast<std::uint32_t>(crc_));
      break;
    default:
      digest_->update({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  }
}

std::string Checksum::finish() {
  if (!digest_) return big_endian(crc_, algorithm_ == ChecksumAlgorithm::crc64nvme ? 8 : 4);
  const auto digest = digest_->finish();
  return {digest.begin(), digest.end()};
}

std::string combined(ChecksumAlgorithm algorithm, std::string_view first, std::string_view second,
                     std::uint64_t second_length) {
  const std::uint64_t a = number_in(first);
  const std::uint64_t b = number_in(second);
  if (algorithm == ChecksumAlgorithm::crc64nvme) return big_endian(crc64nvme_combine(a, b, second_length), 8);
  const auto combine = algorithm == ChecksumAlgorithm::crc32 ? crc32_combine : crc32c_combine;
  return big_endian(combine(static_cast<std::uint32_t>(a), static_cast<std::uint32_t>(b), second_length), 4);
}

}  // namespace smflow::aws
