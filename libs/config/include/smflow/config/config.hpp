#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <smflow/base/error.hpp>
#include <smflow/base/terminal.hpp>
#include <smflow/config/option.hpp>
#include <smflow/config/schema.hpp>

namespace smflow::config {

// Where the value in force comes from.
struct Origin {
  enum class Source { standard, file, environment, command_line };
  Source source = Source::standard;
  std::string text = "default";     // "configs/a.yaml:3:18", "environment variable 'X'", "--set S.K=4"
  std::optional<Where> where = {};  // in a file
  std::string excerpt = {};         // the line and a caret, for an error that is found later
};

// Values and origins of one schema: the untyped truth, merged from sources in order. Merging never throws and never
// prints; what is wrong is collected, all of it, and a value that is wrong changes nothing. Read values only when
// errors() is empty. Files: at most 1 MiB and 8 levels, UTF-8, YAML without anchors, tags and merge keys.
class Config {
 public:
  // `siblings` are other configurations the user may have meant; they only serve hints.
  explicit Config(SchemaPtr schema, std::vector<SchemaPtr> siblings = {});

  void merge_file(const std::filesystem::path& file);
  void merge_text(std::string_view yaml, const std::string& name);
  // Options that name a variable take its value; an empty variable counts as not set.
  void merge_environment(const EnvironmentLookup& environment);
  // "SECTION.KEY=VALUE", and "SECTION.KEY.NAME=TEXT" for one name of a mapping. Text is taken as it is, lists and
  // mappings are written [a, b] and {a: b}. `flag` is what the user typed before it: "--set".
  void merge_assignments(std::span<const std::string> assignments, std::string_view flag = "--set");
  // Required options and rules; does nothing when there are errors already, which may be their cause.
  void check();

  const Schema& schema() const { return *schema_; }
  const SchemaPtr& schema_ptr() const { return schema_; }
  const std::vector<Error>& errors() const { return errors_; }
  const std::vector<Error>& warnings() const { return warnings_; }  // renamed, deprecated, respelt

  // `path` is an option of the schema; std::out_of_range otherwise.
  const Value& value(std::string_view path) const { return values_[index(path)]; }
  const Origin& origin(std::string_view path) const { return origins_[index(path)]; }
  const Value& value(std::size_t field) const { return values_[field]; }
  const Origin& origin(std::size_t field) const { return origins_[field]; }

  // Made by the readers: a value that was decoded and checked, and reports.
  void assign(std::size_t field, Value value, Origin origin);
  void report(Error error);
  void warn(Error warning);
  const std::vector<SchemaPtr>& siblings() const { return siblings_; }

 private:
  std::size_t index(std::string_view path) const;

  SchemaPtr schema_;
  std::vector<SchemaPtr> siblings_;
  std::vector<Value> values_;
  std::vector<Origin> origins_;
  std::vector<Error> errors_;
  std::vector<Error> warnings_;
};

// Where the values of one configuration come from, in order of precedence after the defaults.
struct Sources {
  std::vector<std::filesystem::path> files = {};  // later ones win
  EnvironmentLookup environment = {};             // none: variables are not read
  std::vector<std::string> assignments = {};      // of `flag`
  std::string flag = "--set";
  std::vector<SchemaPtr> siblings = {};
};

// Merged and checked. The errors, if any, are in the result: a caller with two configurations shows both lists.
Config load(SchemaPtr schema, const Sources& sources);

// An error about the value in force of `path`, shown where that value was written.
Error error_at(const Config& config, std::string_view path, std::string code, std::string message,
               std::string fix = {});

// The typed struct of a config without errors, whose schema is that of the template; keep it const, that is freezing.
template <class Template>
Template typed(const Config& config) {
  return fill<Template>([&](const std::string& path) -> const Value& { return config.value(path); });
}

}  // namespace smflow::config
