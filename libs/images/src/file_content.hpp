#pragma once

#include "byte_buffer.hpp"

#include <cstdint>
#include <filesystem>
#include <span>

#include <smflow/base/error.hpp>

namespace smflow::images {

// The whole of a regular file, read into `buffer`, which is kept for the next. Error E310.
Result<std::span<const std::uint8_t>> read_content(const std::filesystem::path& file, ByteBuffer& buffer);

}  // namespace smflow::images
