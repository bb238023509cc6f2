#pragma once

#include <cstddef>
#include <string>

#include <smflow/config/schema.hpp>

namespace smflow::config {

inline constexpr std::size_t longest_text = 4096;  // bytes
inline constexpr std::size_t longest_name = 1000;  // bytes of a name in a mapping, with its quotes and escapes

// What is wrong with a value that has its field's type. `code` is empty when nothing is.
struct Violation {
  std::string code = {};
  std::string needed = {};  // "must be ..." or "must not ...", completes the sentence "'S.K' ..."
};

// `scalar` is a bool, number or text of a field; each element of a list is checked by itself.
Violation check_scalar(const Field& field, const Value& scalar);
// A name of a mapping: a text that readers of YAML still take for a key.
Violation check_name(const Field& field, const std::string& name);
// A whole value: every element of a list, every text of a mapping.
Violation check_value(const Field& field, const Value& value);

}  // namespace smflow::config
