#include "decode.hpp"
#include "flow_text.hpp"
#include "limits.hpp"
#include "rules.hpp"
#include "source.hpp"

#include <set>

#include <fmt/format.h>

#include <smflow/base/text.hpp>
#include <smflow/config/pattern.hpp>
#include <smflow/config/schema.hpp>

namespace smflow::config {

namespace {

constexpr std::size_t most_fields = 1000;
constexpr std::size_t longest_name = 64;

bool is_key(std::string_view name) {
  static constexpr std::string_view allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
  return !name.empty() && name.size() <= longest_name && name.find_first_not_of(allowed) == std::string_view::npos;
}

bool is_secret_name(std::string_view key) {
  for (const char* ending : {"PASSWORD", "SECRET", "TOKEN", "KEY_ID"}) {
    if (key.ends_with(ending)) return true;
  }
  return false;
}

bool has_type(const Type& type, const Value& value) {
  if (value.is_null()) return type.optional;
  if (type.list) {
    const auto* list = std::get_if<Value::List>(&value.data);
    if (list == nullptr) return false;
    for (const Value& element : *list) {
      if (!has_type({.kind = type.kind}, element)) return false;
    }
    return true;
  }
  switch (type.kind) {
    case Kind::boolean:
      return std::holds_alternative<bool>(value.data);
    case Kind::integer:
      return std::holds_alternative<std::int64_t>(value.data);
    case Kind::number:
      return std::holds_alternative<double>(value.data);
    case Kind::text:
      return std::holds_alternative<std::string>(value.data);
    case Kind::mapping:
      return std::holds_alternative<TextMap>(value.data);
  }
  return false;
}

// The words of a schema stand in comments and tables, where a line break would begin a line of its own.
constexpr const char* broken_words = "has a line break or control character in its words";

bool is_one_line(const std::string& words) {
  return one_line(words) == words;
}

bool is_collection(const Field& field) {
  return field.type.list || field.type.kind == Kind::mapping;
}

std::string example_fault(const Field& field) {
  const Source source("", field.about.example);
  Node node{.kind = Node::Kind::scalar, .offset = 0, .length = 1, .text = field.about.example};
  if (is_collection(field) && (node.text[0] == '[' || node.text[0] == '{')) {
    auto flow = read_flow_text(source, 0);
    if (!flow) return flow.error().message;
    node = *std::move(flow);
  }
  Decoder decoder(field, source, "");
  return decoder.decode(node) ? std::string{} : decoder.errors.front().message;
}

class Inspector {
 public:
  explicit Inspector(const Schema& schema) : schema_(schema) {}

  std::vector<std::string> run() {
    if (schema_.name.empty()) fault("it has no name");
    if (schema_.sections.empty()) fault("it has no sections");
    if (schema_.fields.size() > most_fields) fault(fmt::format("it has more than {} options", most_fields));
    std::set<std::string> names;
    for (const Section& section : schema_.sections) {
      if (!is_key(section.name)) fault(fmt::format("section '{}' is not named in upper case", section.name));
      if (!names.insert(section.name).second) fault(fmt::format("section '{}' is there twice", section.name));
      if (!is_one_line(section.doc)) fault(fmt::format("section '{}' {}", section.name, broken_words));
      if (section.doc.empty()) fault(fmt::format("section '{}' has no sentence", section.name));
    }
    for (const Field& field : schema_.fields) inspect(field);
    for (const Rule& rule : schema_.rules) {
      if (const std::string why = rule_fault(schema_, rule); !why.empty()) {
        fault(fmt::format("a rule about '{}': {}", rule.left, why));
      }
    }
    return std::move(faults_);
  }

 private:
  void fault(std::string sentence) { faults_.push_back(std::move(sentence)); }
  void fault(const Field& field, const std::string& what) { fault(fmt::format("'{}' {}", field.path(), what)); }

  void inspect(const Field& field) {
    const About& about = field.about;
    if (!is_key(field.key)) fault(field, "is not named in upper case");
    if (is_secret_name(field.key)) fault(field, "is named like a secret, which no configuration may hold");
    if (schema_.find_section(field.section) == nullptr) fault(field, "is in no section");
    if (!paths_.insert(field.path()).second) fault(field, "is there twice");
    for (const std::string& old : about.renamed_from) {
      const std::string path = old.find('.') == std::string::npos ? field.section + "." + old : old;
      if (schema_.find(path) != nullptr) fault(field, fmt::format("has the old name '{}' of an option", path));
      if (!paths_.insert(path).second) fault(field, fmt::format("has the old name '{}' of another", path));
    }
    for (const std::string* words : {&about.doc, &about.unit, &about.pattern, &about.pattern_words, &about.example,
                                     &about.env, &about.deprecated}) {
      if (!is_one_line(*words)) return fault(field, broken_words);
    }
    if (!about.doc.ends_with('.')) fault(field, "has no sentence with a full stop");
    inspect_limits(field);
    inspect_values(field);
  }

  void inspect_limits(const Field& field) {
    const About& about = field.about;
    const bool is_number = field.type.kind == Kind::integer || field.type.kind == Kind::number;
    const bool is_text = field.type.kind == Kind::text;
    if (field.type.list && field.type.kind == Kind::mapping) fault(field, "is a list of mappings");
    if ((about.min || about.max) && !is_number) fault(field, "has limits but is no number");
    if (about.min && about.max && *about.min > *about.max) fault(field, "has a minimum above its maximum");
    if ((!about.one_of.empty() || !about.pattern.empty() || !about.spellings.empty()) && !is_text) {
      fault(field, "has choices, a pattern or spellings but is no text");
    }
    if (about.pattern.empty()) return;
    if (const auto pattern = Pattern::compile(about.pattern); !pattern) fault(field, pattern.error().message);
  }

  void inspect_values(const Field& field) {
    const About& about = field.about;
    if (!has_type(field.type, field.default_value)) return fault(field, "has a default of another type");
    if (about.required) {
      const bool empty = field.default_value.is_null() || field.default_value == Value{std::string{}};
      if (!empty) fault(field, "is required and has a default; give it one or the other");
    } else if (const Violation violation = check_value(field, field.default_value); !violation.code.empty()) {
      fault(field, violation.needed + ", which its default is not");
    }
    if (about.required && field.type.kind != Kind::text && !field.type.optional) {
      fault(field, "is required, so its type is std::string or std::optional");
    }
    for (const Spelling& spelling : about.spellings) {
      if (!check_scalar(field, {spelling.meant}).code.empty()) fault(field, "has a spelling of a value it refuses");
    }
    if (!about.example.empty()) {
      if (const std::string why = example_fault(field); !why.empty()) fault(field, "has a wrong example: " + why);
    }
  }

  const Schema& schema_;
  std::set<std::string> paths_;
  std::vector<std::string> faults_;
};

}  // namespace

std::vector<std::string> faults(const Schema& schema) {
  return Inspector(schema).run();
}

}  // namespace smflow::config
