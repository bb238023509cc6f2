#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdio>

#include <smflow/runtime/python_value.hpp>

namespace smflow::runtime {

namespace {

// The code point at `at`, which moves behind it. The text is valid UTF-8: every text here came through a JSON parser.
std::uint32_t next_point(std::string_view text, std::size_t& at) {
  const auto byte = [&] { return static_cast<unsigned char>(text[at++]); };
  const std::uint32_t first = byte();
  if (first < 0x80) return first;
  int more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : 1;
  std::uint32_t point = first & (0x3Fu >> more);
  for (; more > 0 && at < text.size(); --more) point = point << 6 | (byte() & 0x3Fu);
  return point;
}

std::string escape(char letter, int digits, std::uint32_t point) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "\\%c%0*x", letter, digits, point);
  return text.data();
}

std::string json_text(std::string_view text) {
  std::string quoted = "\"";
  for (std::size_t at = 0; at < text.size();) {
    static constexpr std::string_view specials = "\"\\\b\f\n\r\t", letters = "\"\\bfnrt";
    const std::uint32_t point = next_point(text, at);
    const std::size_t special = point < 0x80 ? specials.find(static_cast<char>(point)) : std::string_view::npos;
    if (special != std::string_view::npos) {
      quoted += {'\\', letters[special]};
    } else if (point >= 0x20 && point < 0x7F) {
      quoted += static_cast<char>(point);
    } else if (point < 0x10000) {
      quoted += escape('u', 4, point);
    } else {
      quoted += escape('u', 4, 0xD800 + ((point - 0x10000) >> 10));
      quoted += escape('u', 4, 0xDC00 + ((point - 0x10000) & 0x3FF));
    }
  }
  return quoted + "\"";
}

// What str.isprintable() refuses: controls, format characters, separators other than the space, private use. Code
// points that no Unicode version has assigned yet are not in the table; Python's own answer for them varies by version.
bool is_printable(std::uint32_t point) {
  struct Range {
    std::uint32_t first, last;
  };
  static constexpr std::array<Range, 19> hidden = {{{0x00, 0x1F},
                                                    {0x7F, 0xA0},
                                                    {0xAD, 0xAD},
                                                    {0x600, 0x605},
                                                    {0x61C, 0x61C},
                                                    {0x6DD, 0x6DD},
                                                    {0x70F, 0x70F},
                                                    {0x1680, 0x1680},
                                                    {0x180E, 0x180E},
                                                    {0x2000, 0x200F},
                                                    {0x2028, 0x202F},
                                                    {0x205F, 0x206F},
                                                    {0x3000, 0x3000},
                                                    {0xD800, 0xF8FF},
                                                    {0xFEFF, 0xFEFF},
                                                    {0xFFF0, 0xFFFB},
                                                    {0xFFFE, 0xFFFF},
                                                    {0xE0000, 0xE007F},
                                                    {0xF0000, 0x10FFFF}}};
  return std::none_of(hidden.begin(), hidden.end(),
                      [&](const Range& range) { return point >= range.first && point <= range.last; });
}

std::string repr_text(std::string_view text) {
  const bool single = text.find('\'') != std::string_view::npos && text.find('"') == std::string_view::npos;
  const char quote = single ? '"' : '\'';
  std::string quoted(1, quote);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    const std::uint32_t point = next_point(text, at);
    if (point == '\n' || point == '\r' || point == '\t') {
      quoted += point == '\n' ? "\\n" : point == '\r' ? "\\r" : "\\t";
    } else if (point == '\\' || point == static_cast<unsigned char>(quote)) {
      quoted += {'\\', static_cast<char>(point)};
    } else if (is_printable(point)) {
      quoted.append(text.substr(begin, at - begin));
    } else {
      quoted += point < 0x100 ? escape('x', 2, point) : point < 0x10000 ? escape('u', 4, point) : escape('U', 8, point);
    }
  }
  return quoted + quote;
}

std::string json_float(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "Infinity" : "-Infinity";
  return python_float(value);
}

std::string json_dict(const PythonDict& dict) {
  std::vector<const PythonDict::value_type*> sorted;
  for (const auto& entry : dict) sorted.push_back(&entry);
  std::sort(sorted.begin(), sorted.end(), [](const auto* a, const auto* b) { return a->first < b->first; });
  std::string text = "{";
  for (const auto* entry : sorted) {
    if (text.size() > 1) text += ',';
    text += json_text(entry->first) + ":" + python_json(entry->second);
  }
  return text + "}";
}

}  // namespace

std::string python_float(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  std::array<char, 64> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::scientific);
  const std::string_view text(buffer.data(), static_cast<std::size_t>(end.ptr - buffer.data()));
  const std::size_t e = text.find('e');
  const int exponent = std::atoi(text.data() + e + 1);
  const std::string sign = text.front() == '-' ? "-" : "";
  std::string digits;
  for (const char c : text.substr(0, e)) {
    if (c != '-' && c != '.') digits += c;
  }
  if (exponent < -4 || exponent >= 16) {
    const std::string fraction = digits.size() > 1 ? "." + digits.substr(1) : "";
    return sign + digits[0] + fraction + std::string(text.substr(e));
  }
  if (exponent < 0) return sign + "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') + digits;
  const auto whole = static_cast<std::size_t>(exponent) + 1;
  if (digits.size() <= whole) return sign + digits + std::string(whole - digits.size(), '0') + ".0";
  return sign + digits.substr(0, whole) + "." + digits.substr(whole);
}

std::string python_json(const PythonValue& value) {
  if (const bool* flag = value.as_bool()) return *flag ? "true" : "false";
  if (const PythonInt* integer = value.as_int()) return integer->digits;
  if (const double* number = value.as_float()) return json_float(*number);
  if (const std::string* text = value.as_text()) return json_text(*text);
  if (const PythonDict* dict = value.as_dict()) return json_dict(*dict);
  if (value.is_none()) return "null";
  std::string text = "[";
  for (const PythonValue& item : *value.as_list()) text += (text.size() > 1 ? "," : "") + python_json(item);
  return text + "]";
}

std::string python_repr(const PythonValue& value) {
  if (const bool* flag = value.as_bool()) return *flag ? "True" : "False";
  if (const PythonInt* integer = value.as_int()) return integer->digits;
  if (const double* number = value.as_float()) return python_float(*number);
  if (const std::string* text = value.as_text()) return repr_text(*text);
  if (value.is_none()) return "None";
  std::string text;
  if (const PythonDict* dict = value.as_dict()) {
    for (const auto& [key, item] : *dict)
      text += (text.empty() ? "" : ", ") + repr_text(key) + ": " + python_repr(item);
    return "{" + text + "}";
  }
  for (const PythonValue& item : *value.as_list()) text += (text.empty() ? "" : ", ") + python_repr(item);
  return "[" + text + "]";
}

std::string python_str(const PythonValue& value) {
  const std::string* text = value.as_text();
  return text != nullptr ? *text : python_repr(value);
}

}  // namespace smflow::runtime
