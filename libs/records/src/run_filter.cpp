#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include <smflow/base/json_number.hpp>
#include <smflow/base/text.hpp>
#include <smflow/records/run_filter.hpp>

namespace smflow::records {

namespace {

// Longer ones first, so that "<=" is not read as "<".
constexpr std::array<std::string_view, 7> comparisons = {"==", "!=", "<=", ">=", "=", "<", ">"};

std::optional<double> number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// A JSON text as people write it: without its quotes.
std::string unquoted(std::string_view json) {
  if (json.size() < 2 || json.front() != '"') return std::string(json);
  const Json text = Json::parse(json, nullptr, false);
  return text.is_string() ? text.get<std::string>() : std::string(json);
}

bool is_nan(std::optional<double> value) {
  return value && std::isnan(*value);
}

// Below, equal or above 0; none when the two cannot be ordered.
std::optional<int> compare(const std::string& left, const std::string& right) {
  const auto a = number(left);
  const auto b = number(right);
  if (is_nan(a) && is_nan(b)) return 0;
  if (is_nan(a) || is_nan(b)) return std::nullopt;
  if (a && b) return *a < *b ? -1 : (*a > *b ? 1 : 0);
  const int order = left.compare(right);
  return order < 0 ? -1 : (order > 0 ? 1 : 0);
}

}  // namespace

std::string value_of(const RunSummary& run, std::string_view name) {
  if (const std::string_view value = run.parameter(name); !value.empty()) return unquoted(value);
  const MetricSummary* metric = run.metric(name);
  if (metric == nullptr) return {};
  return number_text(metric->last);
}

std::optional<Condition> parse_condition(std::string_view text) {
  const std::size_t at = text.find_first_of("=!<>");
  if (at == std::string_view::npos || at == 0) return std::nullopt;
  for (const std::string_view comparison : comparisons) {
    if (!text.substr(at).starts_with(comparison)) continue;
    return Condition{.name = std::string(trim(text.substr(0, at))),
                     .comparison = std::string(comparison == "==" ? "=" : comparison),
                     .value = std::string(trim(text.substr(at + comparison.size())))};
  }
  return std::nullopt;
}

bool Condition::matches(const RunSummary& run) const {
  const std::string has = value_of(run, name);
  if (has.empty()) return false;
  const auto order = compare(has, value);
  if (!order) return comparison == "!=";
  if (comparison == "=") return *order == 0;
  if (comparison == "!=") return *order != 0;
  if (comparison == "<") return *order < 0;
  if (comparison == "<=") return *order <= 0;
  return comparison == ">" ? *order > 0 : *order >= 0;
}

bool RunFilter::matches(const RunSummary& run) const {
  if (!user.empty() && run.user != user) return false;
  if (since && run.created < *since) return false;
  if (!states.empty() && std::ranges::find(states, run.state) == states.end()) return false;
  const bool below = run.experiment.starts_with(experiment + "/");
  if (!experiment.empty() && !below && !matches_pattern(run.experiment, experiment)) return false;
  return std::ranges::all_of(where, [&](const Condition& condition) { return condition.matches(run); });
}

void sort_by(std::vector<const RunSummary*>& runs, std::string_view name) {
  const bool greatest_first = name.starts_with('-');
  if (greatest_first) name.remove_prefix(1);
  struct Keyed {
    const RunSummary* run;
    std::string value;
    int kind;  // numbers, texts, what is no number, none
  };
  std::vector<Keyed> keyed;
  for (const RunSummary* run : runs) {
    std::string value = value_of(*run, name);
    const auto as_number = number(value);
    const int kind = value.empty() ? 3 : (is_nan(as_number) ? 2 : (as_number ? 0 : 1));
    keyed.push_back({run, std::move(value), kind});
  }
  std::ranges::stable_sort(keyed, [&](const Keyed& a, const Keyed& b) {
    if (a.kind != b.kind) return a.kind < b.kind;
    const int order = compare(a.value, b.value).value_or(0);
    return greatest_first ? order > 0 : order < 0;
  });
  std::ranges::transform(keyed, runs.begin(), &Keyed::run);
}

bool matches_pattern(std::string_view text, std::string_view pattern) {
  std::size_t t = 0;
  std::size_t p = 0;
  std::size_t star = std::string_view::npos;
  std::size_t from = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      from = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++from;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

}  // namespace smflow::records
