#include "error_cases.hpp"

#include "support/temporary_folder.hpp"

#include <stdexcept>

#include <smflow/base/text.hpp>

namespace smflow::config::test {

namespace {

std::string unescaped(std::string_view text) {
  std::string bytes;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\\' || at + 1 == text.size()) {
      bytes += text[at];
    } else if (text[at + 1] == 'x') {
      bytes += static_cast<char>(std::stoi(std::string(text.substr(at + 2, 2)), nullptr, 16));
      at += 3;
    } else {
      bytes += text[++at] == 't' ? '\t' : text[at];
    }
  }
  return bytes;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines = split(text, '\n');
  lines.pop_back();
  return lines;
}

}  // namespace

Config ErrorCase::load(const SchemaPtr& schema, const SchemaPtr& sibling) const {
  Config config(schema, {sibling});
  for (const auto& [part, content] : parts) {
    if (part == "file") {
      config.merge_text(content, "config.yaml");
    } else if (part == "file escaped") {
      config.merge_text(unescaped(content), "config.yaml");
    } else if (part == "set") {
      config.merge_assignments(lines_of(content));
    } else if (part == "environment") {
      Variables variables;
      for (const std::string& line : lines_of(content)) {
        variables[line.substr(0, line.find('='))] = line.substr(line.find('=') + 1);
      }
      config.merge_environment(lookup_in(variables));
    } else {
      throw std::runtime_error(name + ": there is no part '" + part + "'");
    }
  }
  config.check();
  return config;
}

std::string error_cases_file() {
  return SMFLOW_SOURCE_DIR "/tests/data/config/errors.txt";
}

std::vector<ErrorCase> read_error_cases() {
  std::vector<ErrorCase> cases;
  std::string* part = nullptr;
  for (const std::string& line : lines_of(smflow::test::slurp(error_cases_file()))) {
    if (line.starts_with("=== ")) {
      cases.push_back({.name = line.substr(4), .parts = {}, .expected = {}});
      part = nullptr;
    } else if (line == "--- told") {
      part = &cases.back().expected;
    } else if (line.starts_with("--- ")) {
      part = &cases.back().parts.emplace_back(line.substr(4), "").second;
    } else if (part != nullptr) {
      *part += line + "\n";
    }
  }
  return cases;
}

std::string write_error_cases(const std::vector<ErrorCase>& cases) {
  std::string text;
  for (const ErrorCase& one : cases) {
    text += "=== " + one.name + "\n";
    for (const auto& [part, content] : one.parts) text += "--- " + part + "\n" + content;
    text += "--- told\n" + one.expected;
  }
  return text;
}

}  // namespace smflow::config::test
