#include "value_text.hpp"

#include "number.hpp"
#include "source.hpp"
#include "utf8.hpp"

#include <cmath>

#include <fmt/format.h>

#include <smflow/base/text.hpp>
#include <smflow/config/documents.hpp>

namespace smflow::config {

namespace {

// Characters that are not printable in YAML 1.1, that break lines, or that show nothing.
bool needs_escape(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c <= 0xA0) || c == 0x2028 || c == 0x2029 || c == 0xFEFF || c == 0xFFFE ||
         c == 0xFFFF;
}

std::string limits_words(const About& about) {
  if (about.min && about.max) return fmt::format(" from {} to {}", limit_text(*about.min), limit_text(*about.max));
  if (about.min) return fmt::format(" of at least {}", limit_text(*about.min));
  if (about.max) return fmt::format(" of at most {}", limit_text(*about.max));
  return {};
}

std::string text_words(const About& about) {
  if (!about.one_of.empty()) return "one of " + join(about.one_of, ", ");
  if (!about.pattern_words.empty()) return about.pattern_words;
  if (!about.pattern.empty()) return fmt::format("a text that matches {}", about.pattern);
  return "a text";
}

std::string scalar_words(const Field& field) {
  switch (field.type.kind) {
    case Kind::boolean:
      return "true or false";
    case Kind::integer:
      return "a whole number" + limits_words(field.about);
    case Kind::number:
      return "a number" + limits_words(field.about);
    case Kind::text:
      return text_words(field.about);
    case Kind::mapping:
      return "a mapping of names to texts";
  }
  return {};
}

struct Writer {
  std::string operator()(std::monostate) const { return "null"; }
  std::string operator()(bool value) const { return value ? "true" : "false"; }
  std::string operator()(std::int64_t value) const { return std::to_string(value); }
  std::string operator()(double value) const { return number_text(value); }
  std::string operator()(const std::string& value) const { return quoted_text(value); }
  std::string operator()(const Value::List& list) const {
    std::string text;
    for (const Value& element : list) text += (text.empty() ? "" : ", ") + to_text(element);
    return "[" + text + "]";
  }
  std::string operator()(const TextMap& names) const {
    std::string text;
    for (const auto& [name, value] : names) {
      text += (text.empty() ? "" : ", ") + quoted_text(name) + ": " + quoted_text(value);
    }
    return "{" + text + "}";
  }
};

}  // namespace

std::string quoted_text(std::string_view text) {
  std::string quoted = "\"";
  for_each_character(text, [&](Character c) {
    if (c.code == '"' || c.code == '\\') {
      quoted += '\\';
      quoted += static_cast<char>(c.code);
    } else if (c.code == '\n') {
      quoted += "\\n";
    } else if (c.code == '\t') {
      quoted += "\\t";
    } else if (needs_escape(c.code)) {
      quoted += fmt::format("\\u{:04x}", static_cast<std::uint32_t>(c.code));
    } else {
      quoted.append(text.substr(0, c.bytes));
    }
    text.remove_prefix(std::min(c.bytes, text.size()));
  });
  return quoted + "\"";
}

std::string limit_text(double value) {
  if (std::trunc(value) == value && std::abs(value) < 1e15) return std::to_string(static_cast<std::int64_t>(value));
  return number_text(value);
}

std::string to_text(const Value& value) {
  return std::visit(Writer{}, value.data);
}

std::string value_words(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value.data)) return text->empty() ? "empty" : shown(*text);
  return value.is_null() ? "not set" : shown(to_text(value));
}

std::string type_words(const Field& field) {
  std::string words = scalar_words(field);
  if (field.type.list) words = "a list, each element " + words;
  if (!field.about.unit.empty()) words += " (" + field.about.unit + ")";
  if (field.type.optional) words += ", or null";
  return words;
}

}  // namespace smflow::config
