#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace smflow {

std::vector<std::string> split(std::string_view text, char separator);
std::string_view trim(std::string_view text);
std::string to_upper(std::string_view text);  // ASCII only
std::string join(std::span<const std::string> parts, std::string_view separator);

// Damerau-Levenshtein distance (adjacent swaps count 1).
std::size_t edit_distance(std::string_view a, std::string_view b);
// The candidate nearest to `text`, compared in upper case, at a distance of at most a third of its length (at least
// 1); empty when none is near.
std::string nearest(std::string_view text, std::span<const std::string> candidates);

// Quoted for a POSIX shell when it needs it.
std::string shell_quote(std::string_view text);

bool is_valid_utf8(std::string_view text);
// Invalid sequences become U+FFFD; control characters other than newline and tab become their escape "\x1b", so that a
// text from outside cannot steer a terminal.
std::string printable(std::string_view text);
// At most `bytes` bytes, cut between two characters.
std::string_view utf8_prefix(std::string_view text, std::size_t bytes);
// At most `characters` characters (code points).
std::string_view utf8_prefix_characters(std::string_view text, std::size_t characters);

// "1 file", "3 files".
std::string counted(std::size_t count, std::string_view noun);
// "512 B", "1.5 KiB", "3.2 GiB".
std::string format_bytes(double bytes);

}  // namespace smflow
