#include "decode.hpp"
#include "flow_text.hpp"
#include "merge.hpp"
#include "names.hpp"

#include <utility>

#include <fmt/format.h>

#include <smflow/base/text.hpp>

namespace smflow::config {

namespace {

// "SECTION.KEY=VALUE" or "SECTION.KEY.NAME=VALUE" behind a flag, in bytes of the source.
struct Assignment {
  std::string section = {};
  std::string key = {};
  std::string name = {};  // of one entry of a mapping
  std::size_t path_offset = 0;
  std::size_t path_length = 0;
  std::size_t value_offset = 0;
};

void report(Config& config, const Source& source, std::size_t offset, std::size_t length, const char* code,
            std::string message, std::string fix) {
  config.report(source.error(offset, length, code, std::move(message), std::move(fix)));
}

std::optional<Assignment> take_apart(Config& config, const Source& source, const std::string& flag) {
  Assignment parts{.path_offset = flag.size() + 1};
  const std::string_view text = source.text().substr(parts.path_offset);
  const std::size_t equals = text.find('=');
  const std::size_t dot = text.substr(0, equals).find('.');
  parts.path_length = std::min(equals, text.size());
  parts.value_offset = parts.path_offset + parts.path_length + 1;
  if (equals == std::string_view::npos || dot == std::string_view::npos) {
    report(config, source, parts.path_offset, text.size(), "E032",
           fmt::format("'{}' is not SECTION.KEY=VALUE", shown(text)), fmt::format("write {} SECTION.KEY=VALUE", flag));
    return std::nullopt;
  }
  const std::string_view path = text.substr(0, equals);
  const std::size_t second = path.find('.', dot + 1);
  parts.section = path.substr(0, dot);
  parts.key = path.substr(dot + 1, second == std::string_view::npos ? second : second - dot - 1);
  if (second != std::string_view::npos) parts.name = path.substr(second + 1);
  return parts;
}

std::optional<std::size_t> find_option(Config& config, const Source& source, const Assignment& parts) {
  const Schema& schema = config.schema();
  if (const auto index = schema.index_of(parts.section + "." + parts.key)) return index;
  if (const auto index = renamed_option(schema, parts.section, parts.key)) {
    const std::string path = schema.fields[*index].path();
    config.warn(source.error(parts.path_offset, parts.path_length, "E040",
                             fmt::format("'{}.{}' is now called '{}'", parts.section, parts.key, path),
                             "write " + path));
    return index;
  }
  const bool section_known = schema.find_section(parts.section) != nullptr;
  report(
      config, source, parts.path_offset, parts.path_length, "E020",
      fmt::format("unknown key '{}.{}' in {}", shown(parts.section), shown(parts.key), configuration_words(schema)),
      section_known ? unknown_key_hint(config, parts.section, parts.key) : unknown_section_hint(config, parts.section));
  return std::nullopt;
}

// What is written after '=': text as it is, lists and mappings in brackets.
Result<Node> read_value(const Field& field, const Source& source, std::size_t offset) {
  const std::string_view text = source.text().substr(offset);
  const bool collection = field.type.list || field.type.kind == Kind::mapping;
  const std::string_view trimmed = trim(text);
  if (field.type.optional && trimmed == "null") return Node{.offset = offset, .length = text.size()};
  if (collection && (trimmed.starts_with('[') || trimmed.starts_with('{'))) return read_flow_text(source, offset);
  const bool verbatim = field.type.kind == Kind::text && !field.type.list;
  return Node{.kind = Node::Kind::scalar,
              .offset = offset,
              .length = text.size(),
              .text = std::string(verbatim ? text : trimmed)};
}

void decode(Config& config, const Source& source, std::size_t index, const Node& node, std::string assignment,
            const Origin& origin) {
  const Field& field = config.schema().fields[index];
  if (!field.about.deprecated.empty()) {
    config.warn(source.error(0, source.text().size(), "E041",
                             fmt::format("'{}' is deprecated: {}", field.path(), field.about.deprecated)));
  }
  Decoder decoder(field, source, std::move(assignment));
  auto value = decoder.decode(node);
  for (Error& warning : decoder.warnings) config.warn(std::move(warning));
  for (Error& error : decoder.errors) config.report(std::move(error));
  if (value) config.assign(index, *std::move(value), origin);
}

// "SECTION.KEY.NAME=TEXT" adds to the mapping in force.
void merge_entry(Config& config, const Source& source, std::size_t index, const Assignment& parts,
                 const Origin& origin) {
  const Field& field = config.schema().fields[index];
  if (field.type.kind != Kind::mapping) {
    return report(config, source, parts.path_offset, parts.path_length, "E020",
                  fmt::format("'{}' has no parts, so '{}' names nothing", field.path(), shown(parts.name)),
                  fmt::format("write {}=VALUE", field.path()));
  }
  const std::string text(source.text().substr(parts.value_offset));
  Node node{.kind = Node::Kind::mapping, .offset = parts.value_offset, .length = text.size()};
  const auto add = [&](const std::string& name, const std::string& value) {
    for (const std::string* part : {&name, &value}) {
      node.items.push_back(
          {.kind = Node::Kind::scalar, .offset = parts.value_offset, .length = text.size(), .text = *part});
    }
  };
  for (const auto& [name, value] : std::get<TextMap>(config.value(index).data)) {
    if (name != parts.name) add(name, value);
  }
  add(parts.name, text);
  decode(config, source, index, node, field.path() + "." + parts.name + "=", origin);
}

}  // namespace

void merge_assignment(Config& config, const std::string& flag, const std::string& assignment) {
  const Source source("", flag + " " + assignment);
  const auto parts = take_apart(config, source, flag);
  if (!parts) return;
  const auto index = find_option(config, source, *parts);
  if (!index) return;
  const Origin origin{.source = Origin::Source::command_line,
                      .text = shown(source.text()),
                      .where = std::nullopt,
                      .excerpt = source.excerpt(parts->value_offset, source.text().size())};
  if (!parts->name.empty()) return merge_entry(config, source, *index, *parts, origin);
  const Field& field = config.schema().fields[*index];
  auto node = read_value(field, source, parts->value_offset);
  if (!node) return config.report(std::move(node).error());
  decode(config, source, *index, *node, fmt::format("{} {}=", flag, field.path()), origin);
}

void merge_variable(Config& config, std::size_t field, const std::string& variable, const std::string& text) {
  const Source source("", variable + "=" + text);
  const std::size_t offset = variable.size() + 1;
  auto node = read_value(config.schema().fields[field], source, offset);
  if (!node) return config.report(std::move(node).error());
  decode(config, source, field, *node, variable + "=",
         {.source = Origin::Source::environment,
          .text = fmt::format("environment variable '{}'", variable),
          .where = std::nullopt,
          .excerpt = source.excerpt(offset, text.size())});
}

}  // namespace smflow::config
