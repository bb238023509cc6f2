#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <smflow/aws/digest.hpp>

// The checksums of Amazon S3. Each takes the checksum of what came before, so that data may come in pieces, and 0 for
// nothing; each `combine` gives the checksum of two pieces, one after the other, from theirs and the second's length.
namespace smflow::aws {

// CRC-64/NVME; with the carry-less multiplication of the processor where it has one.
std::uint64_t crc64nvme(std::span<const std::byte> bytes, std::uint64_t before = 0);
std::uint64_t crc64nvme_combine(std::uint64_t first, std::uint64_t second, std::uint64_t second_length);

// CRC-32 of IEEE 802.3 and CRC-32C (Castagnoli).
std::uint32_t crc32(std::span<const std::byte> bytes, std::uint32_t before = 0);
std::uint32_t crc32_combine(std::uint32_t first, std::uint32_t second, std::uint64_t second_length);
std::uint32_t crc32c(std::span<const std::byte> bytes, std::uint32_t before = 0);
std::uint32_t crc32c_combine(std::uint32_t first, std::uint32_t second, std::uint64_t second_length);

// As in the headers x-amz-checksum-*: base64 of the big-endian bytes.
std::string checksum_text(std::uint64_t crc64);
std::string checksum_text(std::uint32_t crc32);

// What Amazon S3 keeps checksums by (API version 2006-03-01, x-amz-checksum-*). Two pieces' checksums give that of both
// together for the CRCs only.
enum class ChecksumAlgorithm { crc64nvme, crc32c, crc32, sha256, sha1 };
inline constexpr ChecksumAlgorithm checksum_algorithms[] = {ChecksumAlgorithm::crc64nvme, ChecksumAlgorithm::crc32c,
                                                            ChecksumAlgorithm::crc32, ChecksumAlgorithm::sha256,
                                                            ChecksumAlgorithm::sha1};
std::string_view name_of(ChecksumAlgorithm algorithm);  // "CRC64NVME"
bool can_combine(ChecksumAlgorithm algorithm);

// The checksum of what comes in pieces, as its big-endian bytes.
class Checksum {
 public:
  explicit Checksum(ChecksumAlgorithm algorithm);
  void update(std::span<const std::byte> bytes);
  // The object is used up.
  std::string finish();

 private:
  ChecksumAlgorithm algorithm_;
  std::uint64_t crc_ = 0;
  std::optional<DigestStream> digest_;
};

// As for numbers above.
std::string combined(ChecksumAlgorithm algorithm, std::string_view first, std::string_view second,
                     std::uint64_t second_length);

}  // namespace smflow::aws
