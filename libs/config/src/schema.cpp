#include <stdexcept>

#include <smflow/base/text.hpp>
#include <smflow/config/option.hpp>
#include <smflow/config/schema.hpp>

namespace smflow::config {

std::optional<std::size_t> Schema::index_of(std::string_view path) const {
  const std::size_t dot = path.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].section == path.substr(0, dot) && fields[i].key == path.substr(dot + 1)) return i;
  }
  return std::nullopt;
}

const Field* Schema::find(std::string_view path) const {
  const auto index = index_of(path);
  return index ? &fields[*index] : nullptr;
}

const Section* Schema::find_section(std::string_view section) const {
  for (const Section& candidate : sections) {
    if (candidate.name == section) return &candidate;
  }
  return nullptr;
}

SchemaPtr sound(Schema schema) {
  const std::vector<std::string> found = faults(schema);
  if (!found.empty()) {
    throw std::logic_error("the template of the " + schema.name + " configuration is faulty: " + join(found, "; "));
  }
  return std::make_shared<const Schema>(std::move(schema));
}

namespace detail {

std::string key_of(const char* member) {
  return to_upper(member);
}

std::vector<std::string> split_choices(const char* texts) {
  std::vector<std::string> choices;
  for (const std::string& part : split(texts, ',')) {
    std::string_view text = trim(part);
    if (text.ends_with('_')) text.remove_suffix(1);
    choices.emplace_back(text);
  }
  return choices;
}

void add_field(Schema& schema, const char* member, Type type, Value value, About about) {
  schema.fields.push_back({.section = schema.sections.back().name,
                           .key = key_of(member),
                           .type = type,
                           .default_value = std::move(value),
                           .about = std::move(about)});
}

void add_section(Schema& schema, const char* member, const char* doc) {
  schema.sections.push_back({.name = key_of(member), .doc = doc});
}

}  // namespace detail

}  // namespace smflow::config
