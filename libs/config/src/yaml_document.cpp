#include "names.hpp"
#include "source.hpp"
#include "utf8.hpp"
#include "value_text.hpp"

#include <fmt/format.h>

#include <smflow/base/text.hpp>
#include <smflow/config/documents.hpp>

namespace smflow::config {

namespace {

constexpr std::size_t page_width = 100;  // characters

// `text` as comment lines, broken between words.
std::string comment(std::string_view text, const std::string& indentation) {
  std::string lines;
  std::string line;
  const auto flush = [&] {
    if (!line.empty()) lines += indentation + "# " + line + "\n";
    line.clear();
  };
  for (const std::string& paragraph : split(text, '\n')) {
    for (const std::string& word : split(paragraph, ' ')) {
      if (word.empty()) continue;
      if (count_characters(line) + count_characters(word) + indentation.size() + 3 > page_width) flush();
      line += (line.empty() ? "" : " ") + word;
    }
    flush();
  }
  return lines;
}

std::string notes(const Field& field) {
  const About& about = field.about;
  std::string text = "[" + type_words(field) + "]";
  if (!about.example.empty()) text += " For example: " + about.example;
  if (!about.env.empty()) text += " Also set by the environment variable " + about.env + ".";
  return text;
}

// " value", or for a mapping with content the lines below its key.
std::string value_lines(const Value& value, const std::string& remark) {
  const auto* names = std::get_if<TextMap>(&value.data);
  if (names == nullptr || names->empty()) return " " + to_text(value) + remark + "\n";
  std::string lines = remark + "\n";
  for (const auto& [name, text] : *names) {
    lines += fmt::format("    {}: {}\n", quoted_text(name), quoted_text(text));
  }
  return lines;
}

bool is_blank(const Field& field, const Value& value) {
  return field.about.required && (value.is_null() || value == Value{std::string{}});
}

std::string option_lines(const Field& field, const Value& value, const Origin& origin) {
  std::string lines = comment(field.about.doc, "  ") + comment(notes(field), "  ");
  const bool is_default = value == field.default_value;
  if (!field.about.deprecated.empty()) lines += comment("Deprecated: " + field.about.deprecated, "  ");
  if (is_blank(field, value)) {
    const std::string& example = field.about.example;
    return lines + fmt::format("  # {}: {}\n", field.key, example.empty() ? "..." : example);
  }
  if (!field.about.deprecated.empty() && is_default)
    return lines + fmt::format("  # {}: {}\n", field.key, to_text(value));
  std::string remark;
  if (origin.source != Origin::Source::standard) {
    remark = "  # from " + one_line(origin.text) + (is_default ? "" : ", default " + value_words(field.default_value));
  }
  return lines + "  " + field.key + ":" + value_lines(value, remark);
}

template <class ValueOf, class OriginOf>
std::string document(const Schema& schema, std::string head, ValueOf&& value_of, OriginOf&& origin_of) {
  for (const Section& section : schema.sections) {
    head += "\n" + comment(section.doc, "") + section.name + ":\n";
    for (std::size_t i = 0; i < schema.fields.size(); ++i) {
      if (schema.fields[i].section == section.name) head += option_lines(schema.fields[i], value_of(i), origin_of(i));
    }
  }
  return head;
}

}  // namespace

std::string template_yaml(const Schema& schema, std::string_view schema_file) {
  std::string head;
  if (!schema_file.empty()) head = fmt::format("# yaml-language-server: $schema={}\n", schema_file);
  head += comment(schema.doc, "");
  head += comment("Every option of " + configuration_words(schema) +
                      ", with its default. Generated; write only what differs into a file of your own.",
                  "");
  const Origin standard;
  return document(
      schema, std::move(head), [&](std::size_t i) -> const Value& { return schema.fields[i].default_value; },
      [&](std::size_t) -> const Origin& { return standard; });
}

std::string effective_yaml(const Config& config) {
  const Schema& schema = config.schema();
  std::string head = comment(schema.doc, "");
  head += comment("The values in force, each with its origin where it is not the default.", "");
  return document(
      schema, std::move(head), [&](std::size_t i) -> const Value& { return config.value(i); },
      [&](std::size_t i) -> const Origin& { return config.origin(i); });
}

}  // namespace smflow::config
