#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace smflow::images {

enum class FileKind { jpeg, png, other };

FileKind sniff(std::span<const std::uint8_t> content);

// What a file that is neither is, as far as its first bytes tell: "is a WebP file; only JPEG and PNG are read".
std::string describe_other(std::span<const std::uint8_t> content);

}  // namespace smflow::images
