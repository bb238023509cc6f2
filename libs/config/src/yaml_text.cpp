#include "yaml_text.hpp"

#include <cctype>

#include <fmt/format.h>

#include <smflow/base/text.hpp>

namespace smflow::config {

namespace {

// Where a text in quotes begins that does not end on its line, in lines 1 to `last`.
std::optional<std::size_t> unclosed_quote(const Source& source, int last) {
  for (int number = 1; number <= last; ++number) {
    const std::string_view line = source.line(number);
    char before = ':';
    for (std::size_t at = 0; at < line.size();) {
      const char c = line[at];
      if (c == '#' && (at == 0 || line[at - 1] == ' ')) break;
      if ((c == '"' || c == '\'') && std::string_view(":,[{-").find(before) != std::string_view::npos) {
        const std::size_t length = quoted_length(line.substr(at));
        if (length == 0) return static_cast<std::size_t>(line.data() - source.text().data()) + at;
        at += length;
      } else {
        ++at;
      }
      if (c != ' ') before = c;
    }
  }
  return std::nullopt;
}

std::optional<std::size_t> tab_indentation(const Source& source, int last) {
  for (int number = 1; number <= last; ++number) {
    const std::string_view line = source.line(number);
    const std::size_t tab = line.find_first_not_of(' ');
    if (tab == std::string_view::npos || line[tab] != '\t') continue;
    if (trim(line).empty() || trim(line).front() == '#') continue;
    return static_cast<std::size_t>(line.data() - source.text().data()) + tab;
  }
  return std::nullopt;
}

// A line like "KEY:value" at or above `last`, for which YAML sees no key.
std::optional<std::size_t> colon_without_space(const Source& source, int last) {
  for (int number = last; number >= 1 && number >= last - 1; --number) {
    const std::string_view line = source.line(number);
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || colon + 1 >= line.size()) continue;
    const std::string_view key = trim(line.substr(0, colon));
    const bool is_key = !key.empty() && key.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == key.npos;
    if (is_key && line[colon + 1] != ' ') return static_cast<std::size_t>(line.data() - source.text().data()) + colon;
  }
  return std::nullopt;
}

// Length of the longest part of `line` that is valid UTF-8, found by bisection.
std::size_t valid_prefix(std::string_view line) {
  std::size_t good = 0;
  for (std::size_t bad = line.size(); bad - good > 1;) {
    const std::size_t middle = good + (bad - good) / 2;
    (is_valid_utf8(utf8_prefix(line, middle)) ? good : bad) = middle;
  }
  return utf8_prefix(line, good).size();
}

}  // namespace

std::optional<Error> refuse_bytes(const Source& source) {
  const std::string_view text = source.text();
  for (int number = 1; number <= source.line_count(); ++number) {
    const std::string_view line = source.line(number);
    const auto start = static_cast<std::size_t>(line.data() - text.data());
    if (!is_valid_utf8(line)) {
      return source.error(start + valid_prefix(line), 1, "E013", "this is not UTF-8 text",
                          "save the file as UTF-8; iconv -f latin1 -t utf-8 converts old files");
    }
    for (std::size_t i = 0; i < line.size(); ++i) {
      const auto c = static_cast<unsigned char>(line[i]);
      if ((c >= 0x20 && c != 0x7F) || c == '\t') continue;
      return source.error(start + i, 1, "E013", fmt::format("the control character 0x{:02x} is in the text", c),
                          "remove it");
    }
  }
  return std::nullopt;
}

std::size_t quoted_length(std::string_view line) {
  const char quote = line.front();
  for (std::size_t at = 1; at < line.size(); ++at) {
    if (quote == '"' && line[at] == '\\') {
      ++at;
    } else if (line[at] == quote) {
      if (quote == '"' || at + 1 == line.size() || line[at + 1] != '\'') return at + 1;
      ++at;
    }
  }
  return 0;
}

Error syntax_error(const Source& source, std::size_t offset, const std::string& message) {
  const int line = source.line_number(offset);
  if (const auto tab = tab_indentation(source, line)) {
    return source.error(*tab, 1, "E014", "a tab is used for indentation", "indent with spaces, two for each level");
  }
  if (const auto quote = unclosed_quote(source, line)) {
    return source.error(*quote, source.rest_of_line(*quote).size(), "E019", "the closing quote is missing",
                        fmt::format("end the text with {} on the same line", source.text()[*quote]));
  }
  if (const auto colon = colon_without_space(source, line)) {
    return source.error(*colon, 1, "E014", "a colon without a space after it makes no key",
                        "put a space after the colon: KEY: value");
  }
  return source.error(offset, 1, "E014", "not valid YAML: " + shown(message),
                      "options are SECTION: and below it, indented by two spaces, KEY: value");
}

}  // namespace smflow::config
