#pragma once

#include <string_view>

#include <smflow/base/error.hpp>

namespace smflow::training {

// Writes all bytes to a descriptor; `name` is the file in the error.
Result<void> write_all(int fd, std::string_view bytes, std::string_view name);

}  // namespace smflow::training
