#include "decode.hpp"
#include "merge.hpp"
#include "names.hpp"

#include <map>

#include <fmt/format.h>

namespace smflow::config {

namespace {

class DocumentMerger {
 public:
  DocumentMerger(Config& config, const Source& source) : config_(config), source_(source) {}

  void merge(const Node& root) {
    if (root.kind == Node::Kind::null || root.refused) return;
    if (root.kind != Node::Kind::mapping) {
      return fail(root, "E018", "a config file holds sections of options, not a list or a single value",
                  fmt::format("write {}: and below it, indented, KEY: value", config_.schema().sections.front().name));
    }
    for (std::size_t i = 0; i + 1 < root.items.size(); i += 2) {
      if (is_name(root.items[i])) section(root.items[i], root.items[i + 1]);
    }
  }

 private:
  // Other keys were refused by the reader already.
  static bool is_name(const Node& key) { return key.kind == Node::Kind::scalar && (key.text != "<<" || key.quoted); }

  void section(const Node& name, const Node& options) {
    const Schema& schema = config_.schema();
    if (schema.find_section(name.text) == nullptr && !is_renamed_section(schema, name.text)) {
      return unknown_section(name);
    }
    if (options.kind == Node::Kind::null || options.refused) return;  // a section without options changes nothing
    if (options.kind != Node::Kind::mapping) {
      return fail(options, "E018", fmt::format("'{}' is a section and holds options, not a value", name.text),
                  is_glued_option(options) ? "put a space after the colon: KEY: value"
                                           : fmt::format("write {}: and below it, indented, KEY: value", name.text));
    }
    for (std::size_t i = 0; i + 1 < options.items.size(); i += 2) {
      if (is_name(options.items[i])) option(name.text, options.items[i], options.items[i + 1]);
    }
  }

  // "KEY:value", which YAML takes for one text.
  static bool is_glued_option(const Node& node) {
    const std::size_t colon = node.text.find(':');
    return !node.quoted && colon != std::string::npos && colon > 0;
  }

  void unknown_section(const Node& name) {
    const std::size_t dot = name.text.find('.');
    if (dot != std::string::npos && config_.schema().find_section(name.text.substr(0, dot)) != nullptr) {
      return fail(name, "E022", fmt::format("'{}' is not written with a dot in a file", shown(name.text)),
                  fmt::format("write {}: and below it, indented, {}: value", name.text.substr(0, dot),
                              shown(name.text.substr(dot + 1))));
    }
    fail(name, "E020",
         fmt::format("unknown section '{}' in {}", shown(name.text), configuration_words(config_.schema())),
         unknown_section_hint(config_, name.text));
  }

  void option(const std::string& section, const Node& key, const Node& written) {
    const Schema& schema = config_.schema();
    auto index = schema.index_of(section + "." + key.text);
    if (!index && (index = renamed_option(schema, section, key.text)))
      warn_renamed(section, key, schema.fields[*index]);
    if (!index) {
      return fail(key, "E020",
                  fmt::format("unknown key '{}.{}' in {}", section, shown(key.text), configuration_words(schema)),
                  unknown_key_hint(config_, section, key.text));
    }
    const Field& field = schema.fields[*index];
    const auto [first, is_new] = written_.emplace(*index, &key);
    if (!is_new && first->second->text != key.text) {
      return fail(
          key, "E021", fmt::format("'{}' is set twice, also by its old name", field.path()),
          fmt::format("remove one of them; the first one is on line {}", source_.line_number(first->second->offset)));
    }
    if (!field.about.deprecated.empty()) warn_deprecated(key, field);
    decode(*index, key, written);
  }

  void decode(std::size_t index, const Node& key, const Node& written) {
    Decoder decoder(config_.schema().fields[index], source_, key.text + ": ");
    auto value = decoder.decode(written);
    for (Error& warning : decoder.warnings) config_.warn(std::move(warning));
    for (Error& error : decoder.errors) config_.report(std::move(error));
    if (!value) return;
    const Where where = *source_.where(written.offset);
    config_.assign(index, *std::move(value),
                   {.source = Origin::Source::file,
                    .text = fmt::format("{}:{}:{}", where.file, where.line, where.column),
                    .where = where,
                    .excerpt = source_.excerpt(written.offset, written.length)});
  }

  void warn_renamed(const std::string& section, const Node& key, const Field& field) {
    Error warning = source_.error(key.offset, key.length, "E040",
                                  fmt::format("'{}.{}' is now called '{}'", section, key.text, field.path()),
                                  field.section == section ? fmt::format("write {} instead of {}", field.key, key.text)
                                                           : fmt::format("move it to {}", field.path()));
    config_.warn(std::move(warning));
  }

  void warn_deprecated(const Node& key, const Field& field) {
    config_.warn(source_.error(key.offset, key.length, "E041",
                               fmt::format("'{}' is deprecated: {}", field.path(), field.about.deprecated)));
  }

  void fail(const Node& node, const char* code, std::string message, std::string fix) {
    config_.report(source_.error(node.offset, node.length, code, std::move(message), std::move(fix)));
  }

  Config& config_;
  const Source& source_;
  std::map<std::size_t, const Node*> written_;
};

}  // namespace

void merge_document(Config& config, const Source& source, const Node& root) {
  DocumentMerger(config, source).merge(root);
}

}  // namespace smflow::config
