#include "complete_values.hpp"

#include "job_loading.hpp"
#include "results_access.hpp"

#include <algorithm>

#include <CLI/CLI.hpp>

#include <smflow/base/text.hpp>
#include <smflow/plan/sagemaker_default_config.hpp>

namespace smflow::cli {

namespace {

// Of "TEXT:{bash,zsh,fish}" the three.
std::vector<std::string> choices_in(const std::string& type) {
  const std::size_t begin = type.find('{');
  const std::size_t end = type.find('}');
  if (begin == std::string::npos || end == std::string::npos) return {};
  return split(type.substr(begin + 1, end - begin - 1), ',');
}

void add_texts(const std::vector<std::string>& texts, Candidates& values) {
  for (const std::string& text : texts) values.list.push_back({text, ""});
}

std::vector<std::string> choices_of(const config::Field& field) {
  if (field.type.kind == config::Kind::boolean) return {"true", "false"};
  return field.about.one_of;
}

// Keys end with '=', so that the value can be typed at once.
void add_assignments(const config::SchemaPtr& schema, const std::string& begun, Candidates& values) {
  if (!schema) return;
  const std::size_t equals = begun.find('=');
  for (const config::Field& field : schema->fields) {
    const std::string key = field.path() + "=";
    if (equals == std::string::npos) {
      values.list.push_back({key, field.about.doc});
    } else if (begun.starts_with(key)) {
      for (const std::string& choice : choices_of(field)) values.list.push_back({key + choice, ""});
    }
  }
}

config::SchemaPtr training_schema_if_there() {
  try {
    return built_training_schema();
  } catch (const CommandFailure&) {
    return nullptr;
  }
}

// People type the whole name of a run, or its last five characters.
void add_runs(const std::string& begun, Candidates& values) {
  constexpr std::size_t most = 100;
  constexpr std::size_t tail = 5;
  const std::vector<std::string> names = records::cached_words(index_cache_folder()).names;
  if (!names.empty()) values.list.push_back({"latest", names.front()});
  for (const std::string& name : names) {
    if (values.list.size() > most) return;
    if (name.starts_with(begun)) {
      values.list.push_back({name, ""});
    } else if (name.size() > tail && std::string_view(name).substr(name.size() - tail).starts_with(begun)) {
      values.list.push_back({name.substr(name.size() - tail), name});
    }
  }
}

// Behind the last comma of a list.
void add_list_items(const std::vector<std::string>& items, const std::string& begun, Candidates& values) {
  const std::size_t comma = begun.rfind(',');
  const std::string before = comma == std::string::npos ? "" : begun.substr(0, comma + 1);
  for (const std::string& item : items) values.list.push_back({before + item, ""});
}

void add_cached(const std::string& option, const std::string& begun, Candidates& values) {
  const records::CachedWords words = records::cached_words(index_cache_folder());
  const auto list = [](const auto& texts) { return std::vector<std::string>(texts.begin(), texts.end()); };
  if (option == "experiment") add_texts(list(words.experiments), values);
  if (option == "by") add_texts(list(words.users), values);
  if (option == "metric" || option == "sort" || option == "where") add_texts(list(words.metrics), values);
  if (option == "columns") add_list_items(list(words.metrics), begun, values);
}

}  // namespace

Candidates values_of(const CLI::Option& option, const std::string& begun) {
  Candidates values;
  const std::string type = option.get_type_name();
  const std::string kind = type.substr(0, type.find(':'));
  const std::string name = option.get_lnames().empty() ? option.get_name() : option.get_lnames().front();
  add_texts(choices_in(type), values);
  if (name == "set") add_assignments(config::schema_of<plan::SagemakerConfig>(), begun, values);
  if (name == "set-training") add_assignments(training_schema_if_there(), begun, values);
  if (name == "name" || name == "names" || kind == "JOB") add_runs(begun, values);
  if (kind == "WHEN") add_texts({"auto", "always", "never"}, values);
  if (kind == "STATE") {
    add_list_items({"open", "succeeded", "failed", "stopped", "timed_out", "lost"}, begun, values);
  }
  if (!option.get_positional()) add_cached(name, begun, values);
  values.files = kind == "FILE" || kind == "DIR" || name == "folder" || name == "DOCKERFILE";
  return values;
}

}  // namespace smflow::cli
