#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <smflow/base/error.hpp>

namespace smflow::storage {

// A text as one gzip member (RFC 1952), without a time in it: equal texts give equal bytes.
std::string gzip(std::string_view text);

// E901 when `bytes` is no gzip, is cut short, or holds more than `limit` bytes.
Result<std::string> gunzip(std::string_view bytes, std::size_t limit);

}  // namespace smflow::storage
