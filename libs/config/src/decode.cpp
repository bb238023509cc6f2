#include "decode.hpp"

#include "limits.hpp"
#include "number.hpp"
#include "value_text.hpp"

#include <type_traits>
#include <utility>

#include <fmt/format.h>

#include <smflow/base/text.hpp>
#include <smflow/config/documents.hpp>

namespace smflow::config {

namespace {

std::string found_words(const Node& node, bool type_is_text) {
  switch (node.kind) {
    case Node::Kind::null:
      return "null";
    case Node::Kind::list:
      return "a list";
    case Node::Kind::mapping:
      return "a mapping";
    case Node::Kind::scalar:
      break;
  }
  return (node.quoted && !type_is_text ? "the text '" : "'") + shown(node.text) + "'";
}

// A value as one may write it: the example, the default where it shows the form, or one made from the type.
std::string example_of(const Field& field) {
  const About& about = field.about;
  if (!about.example.empty()) return about.example;
  const bool shows_form = !field.default_value.is_null() && field.default_value != Value{std::string{}} &&
                          field.default_value != Value{TextMap{}} && field.default_value != Value{Value::List{}};
  if (shows_form) return to_text(field.default_value);
  std::string element = "\"text\"";
  if (field.type.kind == Kind::mapping) return "{NAME: text}";
  if (field.type.kind == Kind::boolean) element = "true";
  if (!about.one_of.empty()) element = about.one_of.front();
  if (field.type.kind == Kind::integer || field.type.kind == Kind::number) {
    element = limit_text(about.min ? *about.min : about.max.value_or(1));
  }
  return field.type.list ? "[" + element + "]" : element;
}

}  // namespace

std::string Decoder::fix_text(const std::string& value) const {
  if (!value.empty()) return "write " + (inside_list_ ? "the element " : assignment_) + value;
  return "for example " + assignment_ + example_of(field_);
}

std::optional<Value> Decoder::fail(const Node& node, std::string code, std::string needed,
                                   const std::string& fix_value) {
  const std::string found = found_words(node, field_.type.kind == Kind::text || field_.type.kind == Kind::mapping);
  errors.push_back(source_.error(node.offset, node.length, std::move(code),
                                 fmt::format("'{}' {}, found {}", field_.path(), needed, found), fix_text(fix_value)));
  return std::nullopt;
}

std::optional<Value> Decoder::wrong_type(const Node& node, const std::string& fix_value) {
  return fail(node, "E024", "must be " + type_words(field_), fix_value);
}

std::optional<Value> Decoder::decode(const Node& node) {
  if (node.refused) return std::nullopt;
  if (node.kind == Node::Kind::null && field_.type.optional) return Value{};
  if (field_.type.list) return decode_list(node);
  if (field_.type.kind == Kind::mapping) return decode_mapping(node);
  return decode_scalar(node);
}

std::optional<Value> Decoder::decode_list(const Node& node) {
  if (node.kind == Node::Kind::scalar) return wrong_type(node, list_meant(node.text));
  if (node.kind != Node::Kind::list) return wrong_type(node);
  Value::List list;
  bool complete = true;
  inside_list_ = true;
  for (const Node& element : node.items) {
    auto value = element.refused ? std::nullopt : decode_scalar(element);
    complete = complete && value;
    if (value) list.push_back(*std::move(value));
  }
  inside_list_ = false;
  if (!complete) return std::nullopt;
  return Value{std::move(list)};
}

std::optional<Value> Decoder::decode_mapping(const Node& node) {
  if (node.kind != Node::Kind::mapping) return wrong_type(node, "{NAME: text}");
  TextMap names;
  bool complete = true;
  for (std::size_t i = 0; i + 1 < node.items.size(); i += 2) {
    const Node& name = node.items[i];
    const Node& text = node.items[i + 1];
    complete = complete && name.kind == Node::Kind::scalar && !name.refused && !text.refused;
    if (!complete) continue;  // the reader has refused it
    if (text.kind != Node::Kind::scalar) {
      fail(text, "E024", fmt::format("must hold a text for '{}'", shown(name.text)), "{NAME: text}");
    } else if (allowed(name, check_name(field_, name.text)) && checked(text, {text.text})) {
      names[name.text] = text.text;
    }
  }
  if (!complete || !errors.empty()) return std::nullopt;
  return Value{std::move(names)};
}

std::optional<Value> Decoder::decode_scalar(const Node& node) {
  if (node.kind == Node::Kind::null) {
    return fail(node, "E023", "needs a value: " + type_words(field_), field_.type.kind == Kind::text ? "\"\"" : "");
  }
  if (node.kind != Node::Kind::scalar) return wrong_type(node);
  switch (field_.type.kind) {
    case Kind::boolean:
      return decode_boolean(node);
    case Kind::integer:
      return decode_number<std::int64_t>(node);
    case Kind::number:
      return decode_number<double>(node);
    default:
      return checked(node, {respelt(node)});
  }
}

std::optional<Value> Decoder::decode_boolean(const Node& node) {
  if (!node.quoted && (node.text == "true" || node.text == "false")) return Value{node.text == "true"};
  const std::string word = to_upper(node.text);
  for (const char* yes : {"TRUE", "YES", "ON", "Y", "1"}) {
    if (word == yes) return wrong_type(node, "true");
  }
  for (const char* no : {"FALSE", "NO", "OFF", "N", "0"}) {
    if (word == no) return wrong_type(node, "false");
  }
  return wrong_type(node);
}

template <class Native>
std::optional<Value> Decoder::decode_number(const Node& node) {
  if (node.quoted) return wrong_type(node, number_fix(node.text, true));
  Number<Native> number;
  if constexpr (std::is_same_v<Native, double>) {
    number = parse_number(node.text);
  } else {
    number = parse_whole(node.text);
  }
  if (number.fault == NumberFault::none) return checked(node, {number.value});
  if (number.fault == NumberFault::too_large) return fail(node, "E027", "must be a number that fits in 64 bits");
  return wrong_type(node, number_fix(node.text, false));
}

// "1_000" -> "1000", "010" -> "10", "64px" -> nothing. The number is proposed only where it would be accepted.
std::string Decoder::number_fix(const std::string& text, bool quoted) const {
  std::string meant = number_meant(text);
  if (meant.empty() || (!quoted && meant == text)) return {};
  const auto whole = parse_whole(meant);
  if (field_.type.kind == Kind::integer && whole.fault != NumberFault::none) return {};
  return meant;
}

// Python's tuple, as users of YACS write it, and a single value.
std::string Decoder::list_meant(const std::string& text) const {
  if (text.size() >= 2 && text.front() == '(' && text.back() == ')') {
    std::string_view inside = trim(std::string_view(text).substr(1, text.size() - 2));
    if (inside.ends_with(',')) inside.remove_suffix(1);
    return fmt::format("[{}]", shown(inside));
  }
  return text.find_first_of("[]{}") == std::string::npos ? fmt::format("[{}]", shown(text)) : std::string{};
}

std::string Decoder::respelt(const Node& node) {
  for (const Spelling& spelling : field_.about.spellings) {
    if (node.text != spelling.written) continue;
    Error warning =
        source_.error(node.offset, node.length, "E042",
                      fmt::format("'{}': '{}' is taken as '{}'", field_.path(), spelling.written, spelling.meant),
                      "write " + assignment_ + spelling.meant);
    warning.exit = ExitCode::success;
    warnings.push_back(std::move(warning));
    return spelling.meant;
  }
  return node.text;
}

std::optional<Value> Decoder::checked(const Node& node, Value value) {
  if (!allowed(node, check_scalar(field_, value))) return std::nullopt;
  return value;
}

bool Decoder::allowed(const Node& node, const Violation& violation) {
  if (violation.code.empty()) return true;
  if (violation.code == "E029") {
    errors.push_back(source_.error(node.offset, node.length, violation.code,
                                   fmt::format("'{}' {}", field_.path(), violation.needed),
                                   "remove it; the job gets its rights from its execution role"));
    return false;
  }
  if (violation.code == "E026") {
    const std::string near = nearest(node.text, field_.about.one_of);
    fail(node, violation.code, violation.needed, near);
  } else {
    fail(node, violation.code, violation.needed);
  }
  return false;
}

}  // namespace smflow::config
