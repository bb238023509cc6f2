#include "names.hpp"

#include <fmt/format.h>

#include <smflow/base/text.hpp>
#include <smflow/config/documents.hpp>

namespace smflow::config {

namespace {

// Text for a cell of a Markdown table.
std::string cell(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '|' || c == '<' || c == '*') escaped += '\\';
    escaped += c == '\n' ? ' ' : c;
  }
  return escaped;
}

// In backquotes a table still needs its bars escaped, and a backquote needs two around it.
std::string code(std::string_view text) {
  std::string escaped;
  for (const char c : text) escaped += c == '|' ? "\\|" : c == '\n' ? " " : std::string(1, c);
  return text.find('`') == std::string_view::npos ? "`" + escaped + "`" : "`` " + escaped + " ``";
}

std::string default_cell(const Field& field) {
  return field.about.required ? "must be set" : code(to_text(field.default_value));
}

std::string meaning(const Field& field) {
  const About& about = field.about;
  // The sentences are Markdown already; only what would end the cell is escaped.
  std::string text;
  for (const char c : about.doc) text += c == '|' ? std::string("\\|") : std::string(1, c == '\n' ? ' ' : c);
  if (!about.example.empty()) text += " For example " + code(about.example) + ".";
  if (!about.env.empty()) text += " Environment variable: " + code(about.env) + ".";
  for (const std::string& old : about.renamed_from) text += " Formerly " + code(old) + ".";
  for (const Spelling& other : about.spellings) {
    text += " " + code(other.written) + " is taken as " + code(other.meant) + ".";
  }
  if (!about.deprecated.empty()) text += " **Deprecated:** " + cell(about.deprecated);
  if (!about.identity) text += " Not part of the identity.";
  return text;
}

std::string rule_line(const Rule& rule) {
  const std::string op = rule.op == "is-set" || (rule.op == "!=" && rule.right.empty()) ? "must be set" : rule.op;
  std::string line = "- " + code(rule.left) + " " + cell(op);
  if (!rule.right.empty()) line += " " + code(rule.right);
  if (!rule.when.empty()) line += ", when " + code(rule.when);
  return line + ": " + rule.why + ".\n";
}

}  // namespace

std::string reference_markdown(const Schema& schema, std::string_view level) {
  std::string text = fmt::format("{}\n", schema.doc);
  for (const Section& section : schema.sections) {
    text += fmt::format("\n{} {}\n\n{}\n\n", level, section.name, section.doc);
    text += "| Option | Type | Default | Meaning |\n| --- | --- | --- | --- |\n";
    for (const Field& field : schema.fields) {
      if (field.section != section.name) continue;
      text += fmt::format("| {} | {} | {} | {} |\n", code(field.key), cell(type_words(field)), default_cell(field),
                          meaning(field));
    }
  }
  if (schema.rules.empty()) return text;
  text += fmt::format("\n{} Rules between options\n\n", level);
  for (const Rule& rule : schema.rules) text += rule_line(rule);
  return text;
}

}  // namespace smflow::config
