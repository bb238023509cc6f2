#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

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

}  // namespace smflow::aws
