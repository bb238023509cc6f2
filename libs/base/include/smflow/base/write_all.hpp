#pragma once

#include <string_view>

#include <smflow/base/error.hpp>

namespace smflow {

// Writes all bytes to a descriptor that blocks; `name` is the file in the error.
Result<void> write_all(int fd, std::string_view bytes, std::string_view name);

}  // namespace smflow
