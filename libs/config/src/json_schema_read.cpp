#include <limits>

#include <smflow/base/json.hpp>
#include <smflow/base/text.hpp>
#include <smflow/config/documents.hpp>

namespace smflow::config {

namespace {

constexpr std::size_t largest_schema = 4u << 20;
constexpr std::size_t most_fields = 2000;
constexpr auto most_whole = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());

// Why the text is no schema; leaves the reader.
struct Unreadable {
  std::string why;
};

const OrderedJson& member(const OrderedJson& object, const char* name) {
  if (!object.is_object() || !object.contains(name)) throw Unreadable{std::string("'") + name + "' is missing"};
  return object[name];
}

std::string text_or_nothing(const OrderedJson& object, const char* name) {
  if (!object.contains(name)) return {};
  if (!object[name].is_string()) throw Unreadable{std::string("'") + name + "' is not a text"};
  return object[name].get<std::string>();
}

bool flag(const OrderedJson& object, const char* name, bool otherwise) {
  return object.contains(name) && object[name].is_boolean() ? object[name].get<bool>() : otherwise;
}

std::optional<double> number_or_nothing(const OrderedJson& object, const char* name) {
  if (!object.contains(name)) return std::nullopt;
  if (!object[name].is_number()) throw Unreadable{std::string("'") + name + "' is not a number"};
  return object[name].get<double>();
}

std::vector<std::string> texts(const OrderedJson& object, const char* name) {
  std::vector<std::string> texts;
  if (!object.contains(name)) return texts;
  for (const OrderedJson& element : object[name]) {
    if (element.is_null()) continue;  // the null of an optional enumeration
    if (!element.is_string()) throw Unreadable{std::string("'") + name + "' is not a list of texts"};
    texts.push_back(element.get<std::string>());
  }
  return texts;
}

// "type" is a name, or the name and "null".
std::string type_name(const OrderedJson& schema, bool& optional) {
  const OrderedJson& type = member(schema, "type");
  if (type.is_string()) return type.get<std::string>();
  if (!type.is_array() || type.size() != 2 || !type[0].is_string() || type[1] != "null") {
    throw Unreadable{"'type' is not a type of an option"};
  }
  optional = true;
  return type[0].get<std::string>();
}

Kind kind_of(const std::string& name) {
  if (name == "boolean") return Kind::boolean;
  if (name == "integer") return Kind::integer;
  if (name == "number") return Kind::number;
  if (name == "string") return Kind::text;
  if (name == "object") return Kind::mapping;
  throw Unreadable{"there is no type '" + printable(name) + "'"};
}

std::string search_pattern_inside(const std::string& pattern) {
  if (pattern.empty()) return {};
  if (!pattern.starts_with("^(?:") || !pattern.ends_with(")$")) throw Unreadable{"a pattern is not anchored"};
  return pattern.substr(4, pattern.size() - 6);
}

Type read_type(const OrderedJson& schema) {
  Type type;
  std::string name = type_name(schema, type.optional);
  if (name == "array") {
    type.list = true;
    bool nested_optional = false;
    name = type_name(member(schema, "items"), nested_optional);
  }
  type.kind = kind_of(name);
  type.fits_int = flag(schema, "x-32-bit", false);
  return type;
}

About read_about(const OrderedJson& schema, const Type& type) {
  const OrderedJson& element = type.list ? schema["items"] : schema;
  About about;
  about.doc = text_or_nothing(schema, "description");
  about.unit = text_or_nothing(schema, "x-unit");
  about.min = number_or_nothing(element, "minimum");
  about.max = number_or_nothing(element, "maximum");
  about.one_of = texts(element, "enum");
  about.pattern = search_pattern_inside(text_or_nothing(element, "pattern"));
  about.pattern_words = text_or_nothing(schema, "x-pattern-words");
  about.example = text_or_nothing(schema, "x-example");
  about.required = flag(schema, "x-required", false);
  about.env = text_or_nothing(schema, "x-env");
  about.renamed_from = texts(schema, "x-renamed-from");
  about.deprecated = text_or_nothing(schema, "x-deprecated");
  about.identity = flag(schema, "x-identity", true);
  if (schema.contains("x-spellings")) {
    for (const OrderedJson& pair : schema["x-spellings"]) {
      if (!pair.is_array() || pair.size() != 2 || !pair[0].is_string() || !pair[1].is_string()) {
        throw Unreadable{"'x-spellings' is not a list of pairs"};
      }
      about.spellings.push_back({pair[0].get<std::string>(), pair[1].get<std::string>()});
    }
  }
  return about;
}

std::optional<Value> value_from_json(const OrderedJson& json, const Type& type);

std::optional<Value> list_from_json(const OrderedJson& json, Type type) {
  if (!json.is_array()) return std::nullopt;
  type.list = type.optional = false;
  Value::List list;
  for (const OrderedJson& element : json) {
    auto value = value_from_json(element, type);
    if (!value) return std::nullopt;
    list.push_back(*std::move(value));
  }
  return Value{std::move(list)};
}

std::optional<Value> mapping_from_json(const OrderedJson& json) {
  if (!json.is_object()) return std::nullopt;
  TextMap names;
  for (const auto& [name, value] : json.items()) {
    if (!value.is_string()) return std::nullopt;
    names[name] = value.get<std::string>();
  }
  return Value{std::move(names)};
}

std::optional<Value> value_from_json(const OrderedJson& json, const Type& type) {
  if (json.is_null()) return type.optional ? std::optional<Value>(Value{}) : std::nullopt;
  if (type.list) return list_from_json(json, type);
  switch (type.kind) {
    case Kind::boolean:
      if (json.is_boolean()) return Value{json.get<bool>()};
      break;
    case Kind::integer:
      // Written as unsigned, a number may be larger than the type.
      if (json.is_number_unsigned() && json.get<std::uint64_t>() > most_whole) break;
      if (json.is_number_integer()) return Value{json.get<std::int64_t>()};
      break;
    case Kind::number:
      if (json.is_number()) return Value{json.get<double>()};
      break;
    case Kind::text:
      if (json.is_string()) return Value{json.get<std::string>()};
      break;
    case Kind::mapping:
      return mapping_from_json(json);
  }
  return std::nullopt;
}

Field read_field(const std::string& section, const std::string& key, const OrderedJson& schema) {
  if (!schema.is_object()) throw Unreadable{"'" + printable(key) + "' is not an object"};
  Field field{.section = section, .key = key, .type = read_type(schema)};
  field.about = read_about(schema, field.type);
  auto value = value_from_json(member(schema, "default"), field.type);
  if (!value) throw Unreadable{"the default of '" + printable(field.path()) + "' has another type"};
  field.default_value = *std::move(value);
  return field;
}

void read_sections(Schema& schema, const OrderedJson& document) {
  for (const auto& [name, section] : member(document, "properties").items()) {
    schema.sections.push_back({.name = name, .doc = text_or_nothing(section, "description")});
    for (const auto& [key, option] : member(section, "properties").items()) {
      schema.fields.push_back(read_field(name, key, option));
      if (schema.fields.size() > most_fields) throw Unreadable{"there are more options than anybody could set"};
    }
  }
}

void read_rules(Schema& schema, const OrderedJson& document) {
  if (!document.contains("x-rules")) return;
  for (const OrderedJson& rule : document["x-rules"]) {
    if (!rule.is_object()) throw Unreadable{"a rule is not an object"};
    schema.rules.push_back({.when = text_or_nothing(rule, "when"),
                            .left = text_or_nothing(rule, "left"),
                            .op = text_or_nothing(rule, "op"),
                            .right = text_or_nothing(rule, "right"),
                            .why = text_or_nothing(rule, "why")});
  }
}

Error no_schema(std::string_view name, const std::string& why) {
  return {.code = "E050",
          .exit = ExitCode::configuration,
          .message = "'" + std::string(name) + "' is not a configuration schema of smflow: " + why,
          .fix = "write it again with the training program's --print-config-schema"};
}

}  // namespace

Result<SchemaPtr> schema_from_json(std::string_view text, std::string_view name) {
  if (auto checked = parse_json(text, name, {.bytes = largest_schema, .depth = 16}); !checked) {
    return tl::unexpected(no_schema(name, checked.error().message));
  }
  try {
    const OrderedJson document = OrderedJson::parse(text.starts_with("\xEF\xBB\xBF") ? text.substr(3) : text);
    if (member(document, "x-smflow-schema") != 1) throw Unreadable{"it has another version"};
    Schema schema{.name = text_or_nothing(document, "title"), .doc = text_or_nothing(document, "description")};
    read_sections(schema, document);
    read_rules(schema, document);
    const std::vector<std::string> found = faults(schema);
    if (!found.empty()) throw Unreadable{found.front()};
    return std::make_shared<const Schema>(std::move(schema));
  } catch (const Unreadable& unreadable) {
    return tl::unexpected(no_schema(name, unreadable.why));
  } catch (const OrderedJson::exception& error) {
    return tl::unexpected(no_schema(name, error.what()));
  }
}

}  // namespace smflow::config
