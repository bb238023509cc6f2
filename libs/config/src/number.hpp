#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace smflow::config {

// Why a text is not the number that was asked for.
enum class NumberFault { none, malformed, leading_zeros, underscores, other_base, not_whole, too_large };

template <class Native>
struct Number {
  NumberFault fault = NumberFault::none;
  Native value = {};
};

// Decimal only, no locale, no guessing: 12, -3, 1e6 and 8.0 are whole numbers; 010, 0x10, 1_000, 12:30 are not.
Number<std::int64_t> parse_whole(std::string_view text);
// Finite numbers: also 1, .5, 2e-4.
Number<double> parse_number(std::string_view text);

// The shortest decimal text that reads back equal, in the form that YAML 1.1 readers take for a float: 1.0e-05.
std::string number_text(double value);

// What the user may have meant: "010" -> "10", "1_000" -> "1000"; empty when that is not clear.
std::string number_meant(std::string_view text);

}  // namespace smflow::config
