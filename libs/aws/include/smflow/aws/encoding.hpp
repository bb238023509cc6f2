#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace smflow::aws {

// Lower-case hexadecimal digits.
std::string to_hex(std::span<const unsigned char> bytes);

// Every byte but A-Z a-z 0-9 - _ . ~ and those of `kept` becomes %XX, in capitals.
std::string percent_encode(std::string_view text, std::string_view kept = "");
// None when a '%' is not followed by two hexadecimal digits. '+' stays '+'.
std::optional<std::string> percent_decode(std::string_view text);

}  // namespace smflow::aws
