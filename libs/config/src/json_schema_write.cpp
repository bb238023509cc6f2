#include "json_value.hpp"

#include <cmath>

#include <smflow/config/documents.hpp>

namespace smflow::config {

namespace {

const char* json_type(Kind kind) {
  switch (kind) {
    case Kind::boolean:
      return "boolean";
    case Kind::integer:
      return "integer";
    case Kind::number:
      return "number";
    case Kind::text:
      return "string";
    case Kind::mapping:
      return "object";
  }
  return "string";
}

// A limit without a needless fraction, so that a whole number's schema holds whole numbers.
OrderedJson limit(double value) {
  if (std::abs(value) > 9007199254740992.0 || std::trunc(value) != value) return value;
  return static_cast<std::int64_t>(value);
}

// What editors check of one element.
OrderedJson element_schema(const Field& field) {
  OrderedJson schema;
  schema["type"] = json_type(field.type.kind);
  if (field.about.min) schema["minimum"] = limit(*field.about.min);
  if (field.about.max) schema["maximum"] = limit(*field.about.max);
  if (!field.about.one_of.empty()) schema["enum"] = field.about.one_of;
  // JSON Schema's pattern is a search.
  if (!field.about.pattern.empty()) schema["pattern"] = "^(?:" + field.about.pattern + ")$";
  if (field.type.kind == Kind::mapping) schema["additionalProperties"] = {{"type", "string"}};
  return schema;
}

void add_text(OrderedJson& schema, const char* name, const std::string& text) {
  if (!text.empty()) schema[name] = text;
}

OrderedJson spellings(const About& about) {
  OrderedJson list = OrderedJson::array();
  for (const Spelling& spelling : about.spellings) list.push_back({spelling.written, spelling.meant});
  return list;
}

OrderedJson field_schema(const Field& field) {
  const About& about = field.about;
  OrderedJson schema =
      field.type.list ? OrderedJson{{"type", "array"}, {"items", element_schema(field)}} : element_schema(field);
  if (field.type.optional) {
    schema["type"] = OrderedJson::array({schema["type"], "null"});
    if (!field.type.list && schema.contains("enum")) schema["enum"].push_back(nullptr);
  }
  schema["description"] = about.doc;
  schema["default"] = json_value(field.default_value);
  add_text(schema, "x-unit", about.unit);
  add_text(schema, "x-pattern-words", about.pattern_words);
  add_text(schema, "x-example", about.example);
  add_text(schema, "x-env", about.env);
  add_text(schema, "x-deprecated", about.deprecated);
  if (field.type.fits_int) schema["x-32-bit"] = true;
  if (about.required) schema["x-required"] = true;
  if (!about.identity) schema["x-identity"] = false;
  if (!about.renamed_from.empty()) schema["x-renamed-from"] = about.renamed_from;
  if (!about.spellings.empty()) schema["x-spellings"] = spellings(about);
  return schema;
}

OrderedJson section_schema(const Schema& schema, const Section& section) {
  OrderedJson options = OrderedJson::object();
  for (const Field& field : schema.fields) {
    if (field.section == section.name) options[field.key] = field_schema(field);
  }
  return {{"type", {"object", "null"}},
          {"description", section.doc},
          {"additionalProperties", false},
          {"properties", std::move(options)}};
}

}  // namespace

std::string to_json_schema(const Schema& schema) {
  OrderedJson sections = OrderedJson::object();
  for (const Section& section : schema.sections) sections[section.name] = section_schema(schema, section);
  OrderedJson rules = OrderedJson::array();
  for (const Rule& rule : schema.rules) {
    rules.push_back(
        {{"when", rule.when}, {"left", rule.left}, {"op", rule.op}, {"right", rule.right}, {"why", rule.why}});
  }
  const OrderedJson document{{"$schema", "http://json-schema.org/draft-07/schema#"},
                             {"title", schema.name},
                             {"description", schema.doc},
                             {"type", "object"},
                             {"additionalProperties", false},
                             {"properties", std::move(sections)},
                             {"x-smflow-schema", 1},
                             {"x-rules", std::move(rules)}};
  return document.dump(2) + "\n";
}

}  // namespace smflow::config
