#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <smflow/base/error.hpp>
#include <smflow/config/config.hpp>
#include <smflow/config/schema.hpp>

// What is written from a schema or a config: for people, for editors, for records. All of it is UTF-8, ends with a
// newline unless it says otherwise, and is the same on every machine and in every locale.
namespace smflow::config {

// The commented YAML file that shows every option with sentence, type, limits and default. `schema_file`, when given,
// goes into the first line for editors (yaml-language-server).
std::string template_yaml(const Schema& schema, std::string_view schema_file = {});

// The values in force with the same comments, and the origin of each that is not the default. Loads back equal, in
// Python too.
std::string effective_yaml(const Config& config);

// The reference for the docs: one table a section, with headings below `level` ("##").
std::string reference_markdown(const Schema& schema, std::string_view level = "##");

// JSON Schema, draft-07, with what it cannot say as "x-" members. Reading it back gives an equal schema, so that the
// launcher checks a training config with the training program's own rules and messages.
std::string to_json_schema(const Schema& schema);
// E050 with `name` (a file name) when it is not such a file. The text may come from anywhere.
Result<SchemaPtr> schema_from_json(std::string_view text, std::string_view name);

// {"SECTION": {"KEY": value}}, in the order of the template; with origins each leaf is {"value": v, "origin": "..."}.
enum class Origins { hidden, shown };
std::string values_json(const Config& config, Origins origins = Origins::hidden);

// One option whose values differ; values as written in YAML.
struct Difference {
  std::string path;
  std::string left;
  std::string right;
  std::string left_origin;
  std::string right_origin;
};
// Of two configs of equal schemas, in the order of the template.
std::vector<Difference> difference(const Config& left, const Config& right);
// "PATH: 1 (default) -> 4 (--set PATH=4)", one line each.
std::string to_text(const std::vector<Difference>& differences);

// The options whose value is not the default, in the order of the template.
std::vector<std::string> changed(const Config& config);

// A value as written in YAML on one line: "text", 0.0002, [1, 2], {"a": "b"}.
std::string to_text(const Value& value);

// Lines "PATH=value", sorted: equal texts mean equal configurations, whatever the files looked like. With
// Scope::identity only the options that make two experiments the same.
enum class Scope { everything, identity };
std::string canonical_text(const Config& config, Scope scope);
// SHA-256 of the canonical text, 64 hexadecimal digits without a newline.
std::string identity_hash(const Config& config, Scope scope);

}  // namespace smflow::config
