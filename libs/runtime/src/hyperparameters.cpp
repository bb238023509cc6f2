#include <algorithm>
#include <array>

#include <smflow/base/text.hpp>
#include <smflow/runtime/hyperparameters.hpp>

namespace smflow::runtime {

namespace {

constexpr std::array<std::string_view, 9> reserved_names = {
    "sagemaker_program",        "sagemaker_submit_directory",    "sagemaker_enable_cloudwatch_metrics",
    "sagemaker_region",         "sagemaker_container_log_level", "sagemaker_job_name",
    "default_user_module_name", "_tuning_objective_metric",      "sagemaker_s3_output"};

DecodedHyperparameters::Set& set_of(DecodedHyperparameters& all, std::string_view name) {
  if (std::find(reserved_names.begin(), reserved_names.end(), name) != reserved_names.end()) return all.reserved;
  return name.substr(0, 10) == "sagemaker_" ? all.framework : all.user;
}

std::string argument_name(const std::string& name) {
  if (name.empty()) return name;
  const bool one_character = utf8_prefix_characters(name, 1).size() == name.size();
  return (one_character ? "-" : "--") + name;
}

std::string argument_value(const PythonValue& value) {
  if (value.is_none()) return "";
  const PythonDict* dict = value.as_dict();
  if (dict == nullptr) return python_str(value);
  PythonDict sorted = *dict;
  std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> members;
  for (const auto& [key, member] : sorted) members.push_back(key + "=" + python_str(member));
  return join(members, ",");
}

}  // namespace

DecodedHyperparameters decode_hyperparameters(const contract::Hyperparameters& hyperparameters) {
  DecodedHyperparameters decoded;
  for (const auto& [name, raw] : hyperparameters) {
    set_of(decoded, name)[name] = parse_python_json(raw).value_or(PythonValue(raw));
  }
  return decoded;
}

std::string text_of(const DecodedHyperparameters::Set& set, const std::string& name, std::string otherwise) {
  const auto found = set.find(name);
  return found == set.end() || found->second.is_none() ? std::move(otherwise) : python_str(found->second);
}

std::vector<std::string> to_arguments(const DecodedHyperparameters::Set& user) {
  std::vector<std::string> arguments;
  for (const auto& [name, value] : user) {
    arguments.push_back(argument_name(name));
    arguments.push_back(argument_value(value));
  }
  return arguments;
}

std::string to_variable(const PythonValue& value) {
  if (value.is_none()) return "";
  const std::string* text = value.as_text();
  return text != nullptr ? *text : python_json(value);
}

PythonValue to_dict(const DecodedHyperparameters::Set& set) {
  return PythonDict(set.begin(), set.end());
}

}  // namespace smflow::runtime
