#pragma once

#include <cstddef>
#include <string_view>

namespace smflow::config {

// The character at the start of valid, non-empty UTF-8 and its length in bytes.
struct Character {
  char32_t code;
  std::size_t bytes;
};

inline Character first_character(std::string_view text) {
  const auto at = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) & 0x3Fu : 0u; };
  const auto first = static_cast<unsigned char>(text.front());
  if (first < 0x80) return {first, 1};
  if (first < 0xE0) return {(first & 0x1Fu) << 6 | at(1), 2};
  if (first < 0xF0) return {(first & 0x0Fu) << 12 | at(1) << 6 | at(2), 3};
  return {(first & 0x07u) << 18 | at(1) << 12 | at(2) << 6 | at(3), 4};
}

// Calls `visit` with each Character of valid UTF-8.
template <class Visit>
void for_each_character(std::string_view text, Visit&& visit) {
  while (!text.empty()) {
    const Character character = first_character(text);
    visit(character);
    text.remove_prefix(character.bytes < text.size() ? character.bytes : text.size());
  }
}

inline std::size_t count_characters(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return count;
}

}  // namespace smflow::config
