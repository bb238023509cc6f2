#include "limits.hpp"

#include "value_text.hpp"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include <smflow/base/redact.hpp>
#include <smflow/base/text.hpp>
#include <smflow/config/pattern.hpp>

namespace smflow::config {

namespace {

Violation must_be(const char* code, const Field& field) {
  return {code, "must be " + type_words(field)};
}

Violation check_text(const Field& field, const std::string& text) {
  const About& about = field.about;
  if (text.size() > longest_text) return {"E028", fmt::format("must be at most {} bytes of text", longest_text)};
  if (!is_valid_utf8(text)) return {"E028", "must be UTF-8 text"};
  if (text.find('\0') != std::string::npos) return {"E028", "must not hold a NUL character"};
  if (redact(text) != text) return {"E029", "must not hold a credential, since configurations are stored and shown"};
  if (!about.one_of.empty() && std::find(about.one_of.begin(), about.one_of.end(), text) == about.one_of.end()) {
    return must_be("E026", field);
  }
  if (!about.pattern.empty()) {
    const auto pattern = Pattern::compile(about.pattern);
    if (pattern && !pattern->matches(text)) return must_be("E012", field);
  }
  return {};
}

bool in_range(const About& about, double value) {
  return (!about.min || value >= *about.min) && (!about.max || value <= *about.max);
}

}  // namespace

Violation check_scalar(const Field& field, const Value& scalar) {
  if (const auto* text = std::get_if<std::string>(&scalar.data)) return check_text(field, *text);
  if (const auto* whole = std::get_if<std::int64_t>(&scalar.data)) {
    using Int = std::numeric_limits<int>;
    if (field.type.fits_int && (*whole < Int::min() || *whole > Int::max())) {
      return {"E027", fmt::format("must be {} that fits in 32 bits", type_words(field))};
    }
    if (!in_range(field.about, static_cast<double>(*whole))) return must_be("E025", field);
  }
  if (const auto* number = std::get_if<double>(&scalar.data)) {
    if (!in_range(field.about, *number)) return must_be("E025", field);
  }
  return {};
}

Violation check_name(const Field& field, const std::string& name) {
  Violation violation = check_text(field, name);
  if (violation.code.empty() && quoted_text(name).size() > longest_name) {
    violation = {"E028", fmt::format("must have names of at most {} bytes", longest_name)};
  }
  return violation;
}

Violation check_value(const Field& field, const Value& value) {
  if (const auto* list = std::get_if<Value::List>(&value.data)) {
    for (const Value& element : *list) {
      if (Violation violation = check_scalar(field, element); !violation.code.empty()) return violation;
    }
    return {};
  }
  if (const auto* names = std::get_if<TextMap>(&value.data)) {
    for (const auto& [name, text] : *names) {
      if (Violation violation = check_name(field, name); !violation.code.empty()) return violation;
      if (Violation violation = check_text(field, text); !violation.code.empty()) return violation;
    }
    return {};
  }
  return check_scalar(field, value);
}

}  // namespace smflow::config
