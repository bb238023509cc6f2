#include "names.hpp"

#include <span>
#include <vector>

#include <fmt/format.h>

#include <smflow/base/text.hpp>

namespace smflow::config {

namespace {

constexpr std::size_t most_listed = 12;  // keys in a hint

std::vector<std::string> keys_of(const Schema& schema, std::string_view section) {
  std::vector<std::string> keys;
  for (const Field& field : schema.fields) {
    if (field.section == section) keys.push_back(field.key);
  }
  return keys;
}

std::vector<std::string> section_names(const Schema& schema) {
  std::vector<std::string> names;
  for (const Section& section : schema.sections) names.push_back(section.name);
  return names;
}

const Field* with_key(const Schema& schema, std::string_view key) {
  for (const Field& field : schema.fields) {
    if (field.key == key) return &field;
  }
  return nullptr;
}

std::string elsewhere(const Field& field, const Schema& schema) {
  return fmt::format("{} is an option of {}", field.path(), configuration_words(schema));
}

}  // namespace

std::string configuration_words(const Schema& schema) {
  return "the " + schema.name + " configuration";
}

std::optional<std::size_t> renamed_option(const Schema& schema, std::string_view section, std::string_view key) {
  for (std::size_t i = 0; i < schema.fields.size(); ++i) {
    const Field& field = schema.fields[i];
    for (const std::string& old : field.about.renamed_from) {
      const std::size_t dot = old.find('.');
      const std::string_view name = old;
      const bool same = dot == std::string::npos ? field.section == section && name == key
                                                 : name.substr(0, dot) == section && name.substr(dot + 1) == key;
      if (same) return i;
    }
  }
  return std::nullopt;
}

bool is_renamed_section(const Schema& schema, std::string_view section) {
  const std::string prefix = std::string(section) + ".";
  for (const Field& field : schema.fields) {
    for (const std::string& old : field.about.renamed_from) {
      if (old.starts_with(prefix)) return true;
    }
  }
  return false;
}

// The surest hint first: the same key of the other file, a name nearly the same, the same key of another section.
std::string unknown_key_hint(const Config& config, const std::string& section, const std::string& key) {
  const Schema& schema = config.schema();
  for (const SchemaPtr& sibling : config.siblings()) {
    if (const Field* field = sibling->find(section + "." + key)) return elsewhere(*field, *sibling);
  }
  const std::vector<std::string> keys = keys_of(schema, section);
  if (const std::string near = nearest(key, keys); !near.empty()) {
    return fmt::format("did you mean {}? ({})", near, schema.find(section + "." + near)->about.doc);
  }
  const std::string upper = to_upper(key.substr(0, 200));
  if (const Field* field = with_key(schema, upper)) return fmt::format("did you mean {}?", field->path());
  for (const SchemaPtr& sibling : config.siblings()) {
    if (const Field* field = with_key(*sibling, upper)) return elsewhere(*field, *sibling);
  }
  if (keys.empty()) return {};
  const std::span<const std::string> listed(keys.data(), std::min(keys.size(), most_listed));
  return fmt::format("{} has {}{}", section, join(listed, ", "), keys.size() > most_listed ? ", ..." : "");
}

std::string unknown_section_hint(const Config& config, const std::string& section) {
  const Schema& schema = config.schema();
  for (const SchemaPtr& sibling : config.siblings()) {
    if (sibling->find_section(section) != nullptr) {
      return fmt::format("{} is a section of {}", section, configuration_words(*sibling));
    }
  }
  const std::vector<std::string> names = section_names(schema);
  if (const std::string near = nearest(section, names); !near.empty()) {
    return fmt::format("did you mean {}? ({})", near, schema.find_section(near)->doc);
  }
  if (const Field* field = with_key(schema, to_upper(section.substr(0, 200)))) {
    return fmt::format("{} belongs below its section: {}: and then, indented, {}: ...", field->key, field->section,
                       field->key);
  }
  return fmt::format("the sections are {}", join(names, ", "));
}

}  // namespace smflow::config
