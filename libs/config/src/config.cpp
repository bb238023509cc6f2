#include "merge.hpp"
#include "rules.hpp"
#include "yaml_reader.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include <smflow/base/files.hpp>
#include <smflow/base/text.hpp>
#include <smflow/config/config.hpp>

namespace smflow::config {

namespace fs = std::filesystem;

namespace {

// The name in the same folder that the user may have meant.
std::string near_file(const fs::path& file) {
  std::vector<std::string> names;
  std::error_code failed;
  const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
  for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end && names.size() < 1000;
       entry.increment(failed)) {
    names.push_back(entry->path().filename().string());
  }
  const std::string near = nearest(file.filename().string(), names);
  if (near.empty() || near == file.filename().string()) return {};
  return fmt::format("did you mean '{}'?", printable((file.parent_path() / near).string()));
}

Error unreadable(const fs::path& file, Error cause) {
  std::error_code failed;
  cause.code = "E010";
  cause.exit = ExitCode::configuration;
  cause.message = printable(cause.message);
  cause.fix = fs::exists(file, failed) ? "give the path of a YAML file of at most 1 MiB" : near_file(file);
  return cause;
}

bool is_set(const Value& value) {
  const auto* text = std::get_if<std::string>(&value.data);
  return !value.is_null() && (text == nullptr || !text->empty());
}

Error missing(const Field& field) {
  const std::string& example = field.about.example;
  return {.code = "E030",
          .exit = ExitCode::configuration,
          .message = fmt::format("'{}' must be set: {}", field.path(), type_words(field)),
          .fix = fmt::format("below {}: write {}: {}", field.section, field.key, example.empty() ? "..." : example)};
}

}  // namespace

Config::Config(SchemaPtr schema, std::vector<SchemaPtr> siblings)
    : schema_(std::move(schema)), siblings_(std::move(siblings)), origins_(schema_->fields.size()) {
  values_.reserve(schema_->fields.size());
  for (const Field& field : schema_->fields) values_.push_back(field.default_value);
}

void Config::merge_file(const fs::path& file) {
  auto text = read_file(file, largest_file);
  if (!text) return report(unreadable(file, std::move(text).error()));
  merge_text(*text, printable(file.string()));
}

void Config::merge_text(std::string_view yaml, const std::string& name) {
  if (yaml.size() > largest_file) {
    return report({.code = "E010",
                   .exit = ExitCode::configuration,
                   .message = fmt::format("'{}' is larger than 1 MiB", name),
                   .fix = "give a YAML file of options"});
  }
  if (yaml.starts_with("\xEF\xBB\xBF")) yaml.remove_prefix(3);
  const Source source(name, std::string(yaml));
  const std::size_t before = errors_.size();
  YamlDocument document = read_yaml(source);
  for (Error& error : document.errors) report(std::move(error));
  if (document.root) merge_document(*this, source, *document.root);
  // The reader and the schema find their faults one after the other; people read a file from top to bottom.
  std::stable_sort(errors_.begin() + static_cast<std::ptrdiff_t>(before), errors_.end(),
                   [](const Error& a, const Error& b) {
                     const Where x = a.where.value_or(Where{}), y = b.where.value_or(Where{});
                     return std::pair(x.line, x.column) < std::pair(y.line, y.column);
                   });
}

void Config::merge_environment(const EnvironmentLookup& environment) {
  for (std::size_t i = 0; i < schema_->fields.size(); ++i) {
    const std::string& variable = schema_->fields[i].about.env;
    if (variable.empty()) continue;
    const auto text = environment(variable.c_str());
    if (text && !text->empty()) merge_variable(*this, i, variable, *text);
  }
}

void Config::merge_assignments(std::span<const std::string> assignments, std::string_view flag) {
  for (const std::string& assignment : assignments) merge_assignment(*this, std::string(flag), assignment);
}

void Config::check() {
  if (!errors_.empty()) return;
  for (std::size_t i = 0; i < values_.size(); ++i) {
    const Field& field = schema_->fields[i];
    if (field.about.required && !is_set(values_[i])) report(missing(field));
  }
  if (errors_.empty()) check_rules(*this);
}

void Config::assign(std::size_t field, Value value, Origin origin) {
  values_.at(field) = std::move(value);
  origins_.at(field) = std::move(origin);
}

void Config::report(Error error) {
  if (errors_.size() < most_errors) errors_.push_back(std::move(error));
}

void Config::warn(Error warning) {
  warning.exit = ExitCode::success;
  if (warnings_.size() < most_errors) warnings_.push_back(std::move(warning));
}

std::size_t Config::index(std::string_view path) const {
  const auto found = schema_->index_of(path);
  if (!found) throw std::out_of_range("no option '" + std::string(path) + "'");
  return *found;
}

Config load(SchemaPtr schema, const Sources& sources) {
  Config config(std::move(schema), sources.siblings);
  for (const fs::path& file : sources.files) config.merge_file(file);
  if (sources.environment) config.merge_environment(sources.environment);
  config.merge_assignments(sources.assignments, sources.flag);
  config.check();
  return config;
}

Error error_at(const Config& config, std::string_view path, std::string code, std::string message, std::string fix) {
  const Origin& origin = config.origin(path);
  return {.code = std::move(code),
          .exit = ExitCode::configuration,
          .message = std::move(message),
          .fix = std::move(fix),
          .where = origin.where,
          .excerpt = origin.excerpt};
}

}  // namespace smflow::config
