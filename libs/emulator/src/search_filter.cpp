#include "search_filter.hpp"

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <optional>
#include <vector>

#include <smflow/base/text.hpp>

namespace smflow::emulator {

namespace {

void collect(const Json& value, const std::string& path, std::vector<Json>& found) {
  if (value.is_array()) {
    for (const Json& element : value) collect(element, path, found);
  } else if (path.empty()) {
    found.push_back(value);
  } else if (value.is_object()) {
    // Keys of hyperparameters may hold dots.
    if (const auto whole = value.find(path); whole != value.end()) return collect(*whole, "", found);
    const std::size_t dot = path.find('.');
    const auto next = value.find(path.substr(0, dot));
    if (next != value.end() && dot != std::string::npos) collect(*next, path.substr(dot + 1), found);
  }
}

// Lists of names and values are searched like objects.
std::vector<Json> values_at(const Json& job, const std::string& path) {
  std::vector<Json> found;
  const auto named = [&](const char* prefix, const char* list, const char* name, const char* value) {
    if (!path.starts_with(prefix) || !job.contains(list)) return;
    for (const Json& one : job[list]) {
      if (one[name] == path.substr(std::string(prefix).size())) found.push_back(one[value]);
    }
  };
  named("Tags.", "Tags", "Key", "Value");
  named("Metrics.", "FinalMetricDataList", "MetricName", "Value");
  if (found.empty()) collect(job, path, found);
  return found;
}

std::optional<double> as_number(const std::string& text) {
  std::tm time{};
  if (const char* end = ::strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S", &time); end != nullptr) {
    return static_cast<double>(::timegm(&time));
  }
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != '\0') return {};
  return value;
}

std::string as_text(const Json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// -1, 0 or 1; none when the two cannot be compared.
std::optional<int> compare(const Json& value, const std::string& wanted) {
  const auto number = as_number(wanted);
  const auto own = value.is_number() ? std::optional(value.get<double>()) : as_number(as_text(value));
  if (number && own) return *own < *number ? -1 : (*own > *number ? 1 : 0);
  if (value.is_number()) return {};
  const int order = as_text(value).compare(wanted);
  return order < 0 ? -1 : (order > 0 ? 1 : 0);
}

bool one_matches(const Json& value, const std::string& op, const std::string& wanted) {
  if (op == "Contains") return as_text(value).find(wanted) != std::string::npos;
  if (op == "In") {
    const std::vector<std::string> choices = split(wanted, ',');
    return std::any_of(choices.begin(), choices.end(),
                       [&](const std::string& one) { return as_text(value) == trim(one); });
  }
  if (op == "Equals") return as_text(value) == wanted || (value.is_number() && compare(value, wanted) == 0);
  const auto order = compare(value, wanted);
  if (op == "GreaterThan") return order == 1;
  if (op == "LessThan") return order == -1;
  if (op == "GreaterThanOrEqualTo") return order && *order >= 0;
  return order && *order <= 0;
}

tl::expected<bool, ServiceError> filter_holds(const Json& job, const Json& filter) {
  const std::string name = filter["Name"];
  const std::vector<Json> values = values_at(job, name);
  const std::string op = filter.value("Operator", std::string("Equals"));
  if (op == "Exists" || op == "NotExists") return values.empty() == (op == "NotExists");
  if (!filter.contains("Value")) return tl::unexpected(validation_error("the filter on '" + name + "' has no Value"));
  const std::string wanted = filter["Value"];
  const bool negated = op == "NotEquals";
  const bool any = std::any_of(values.begin(), values.end(),
                               [&](const Json& value) { return one_matches(value, negated ? "Equals" : op, wanted); });
  return any != negated;
}

}  // namespace

tl::expected<bool, ServiceError> satisfies(const Json& job, const Json& expression) {
  if (expression.contains("NestedFilters")) {
    return tl::unexpected(validation_error("smflow emulator: Search has no NestedFilters"));
  }
  const bool all = expression.value("Operator", std::string("And")) == "And";
  bool result = all;
  const auto take = [&](bool holds) { result = all ? result && holds : result || holds; };
  for (const Json& filter : expression.value("Filters", Json::array())) {
    const auto holds = filter_holds(job, filter);
    if (!holds) return holds;
    take(*holds);
  }
  for (const Json& part : expression.value("SubExpressions", Json::array())) {
    const auto holds = satisfies(job, part);
    if (!holds) return holds;
    take(*holds);
  }
  return result;
}

Json first_value(const Json& job, const std::string& path) {
  const std::vector<Json> values = values_at(job, path);
  return values.empty() ? Json() : values.front();
}

}  // namespace smflow::emulator
