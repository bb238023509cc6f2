#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace smflow {

// RFC 4648, with padding: section 4, and section 5 with - and _ in place of + and /.
enum class Base64 { standard, for_urls };
std::string to_base64(std::string_view bytes, Base64 alphabet = Base64::standard);
// None unless `text` is exactly what to_base64 would have written in the standard alphabet.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace smflow
