#include "sample_loading.hpp"

#include <utility>

#include <smflow/base/text.hpp>

namespace smflow::config::test {

EnvironmentLookup lookup_in(Variables variables) {
  return [variables = std::move(variables)](const char* name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
}

Config merged(std::string_view yaml, const std::vector<std::string>& assignments) {
  Config config(schema_of<SampleConfig>(), {schema_of<SiblingConfig>()});
  config.merge_text(yaml, "config.yaml");
  config.merge_assignments(assignments);
  return config;
}

Config checked(std::string_view yaml, const std::vector<std::string>& assignments) {
  Config config(schema_of<SampleConfig>(), {schema_of<SiblingConfig>()});
  config.merge_text("MACHINE: {OWNER: tests}\n", "owner.yaml");
  config.merge_text(yaml, "config.yaml");
  config.merge_assignments(assignments);
  config.check();
  return config;
}

namespace {

std::string codes(const std::vector<Error>& errors) {
  std::vector<std::string> codes;
  for (const Error& error : errors) codes.push_back(error.code);
  return join(codes, " ");
}

}  // namespace

std::string error_codes(const Config& config) {
  return codes(config.errors());
}

std::string warning_codes(const Config& config) {
  return codes(config.warnings());
}

std::string told(const Error& error) {
  std::string text = error.code + " ";
  if (error.where) {
    text +=
        error.where->file + ":" + std::to_string(error.where->line) + ":" + std::to_string(error.where->column) + " ";
  }
  text += error.message + "\n";
  if (!error.excerpt.empty()) {
    for (const std::string& line : split(error.excerpt, '\n')) text += "| " + line + "\n";
  }
  if (!error.fix.empty()) text += "fix: " + error.fix + "\n";
  return text;
}

std::string told(const std::vector<Error>& errors) {
  std::string text;
  for (const Error& error : errors) text += told(error);
  return text;
}

std::string told(const Config& config) {
  std::string text = told(config.errors());
  for (const Error& warning : config.warnings()) text += "warning " + told(warning);
  return text;
}

}  // namespace smflow::config::test
