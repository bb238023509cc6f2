#pragma once

#include <cstdint>
#include <string_view>

namespace smflow::training {

// CRC-32C (Castagnoli, RFC 3720). Pass the result of the bytes before as `crc` to go on.
std::uint32_t crc32c(std::string_view bytes, std::uint32_t crc = 0);

// As TFRecord files store it: rotated and shifted, so that the checksum of bytes that hold checksums stays useful.
std::uint32_t masked_crc32c(std::string_view bytes);

}  // namespace smflow::training
