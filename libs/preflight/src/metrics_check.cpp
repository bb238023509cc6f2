#include "checks.hpp"
#include "findings.hpp"
#include "pattern_form.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <regex>

#include <fmt/format.h>

#include <smflow/base/text.hpp>

namespace smflow::preflight {

namespace {

constexpr const char* check = "metrics";
constexpr const char* option = "SAGEMAKER.METRIC_DEFINITIONS";
constexpr std::size_t longest_sample = 1024;

// libstdc++'s other way of matching recurses once a character and may take exponential time.
constexpr auto syntax = std::regex::ECMAScript | std::regex_constants::__polynomial;

Finding bad_pattern(const plan::MetricDefinition& metric, const std::string& why) {
  return failed(check,
                {.code = "E229",
                 .exit = ExitCode::configuration,
                 .message = fmt::format("metric '{}': '{}' {}", metric.name, metric.regex, why),
                 .fix = "write a regular expression with one group around the number, like 'Loss_D: ([-+0-9.eE]+)'"},
                option);
}

Finding finds_nothing(const plan::MetricDefinition& metric, std::size_t samples, std::size_t groups) {
  const std::string fix = groups > 1 ? R"(a parenthesis of the text is written '\(', and the first group is the value)"
                                     : "compare it with the lines your program logs";
  return warned(check, "E231",
                fmt::format("metric '{}': '{}' finds no number in {}", metric.name, metric.regex,
                            counted(samples, "sample line")),
                fix, option);
}

// SageMaker's expressions know more than those of this program: named groups, lookbehind, flags.
Finding not_tried(const plan::MetricDefinition& metric) {
  return warned(
      check, "E237",
      fmt::format("metric '{}': '{}' is not tried: this program does not know such an expression, SageMaker may",
                  metric.name, metric.regex),
      "try it on a line of your program where Java's expressions are known; its first group is the value", option);
}

bool is_number(const std::string& text) {
  const std::string_view digits = text.starts_with('+') ? std::string_view(text).substr(1) : std::string_view(text);
  double value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return error == std::errc{} && end == digits.data() + digits.size();
}

bool finds_number(const std::regex& pattern, const std::string& line) {
  std::smatch match;
  return std::regex_search(line, match, pattern) && is_number(match[1].str());
}

std::optional<Finding> fault_of(const plan::MetricDefinition& metric, const std::vector<std::string>& samples) {
  try {
    const std::regex pattern(metric.regex, syntax);
    if (pattern.mark_count() == 0) return bad_pattern(metric, "has no group, which would be the value");
    const bool found = std::any_of(samples.begin(), samples.end(), [&](const std::string& line) {
      return finds_number(pattern, line.substr(0, longest_sample));
    });
    if (found) return std::nullopt;
    return finds_nothing(metric, samples.size(), pattern.mark_count());
  } catch (const std::regex_error&) {
    return is_broken_pattern(metric.regex) ? bad_pattern(metric, "is no regular expression") : not_tried(metric);
  }
}

}  // namespace

Findings check_metrics(const plan::JobPlan& plan, const std::vector<std::string>& samples) {
  Findings findings;
  for (const plan::MetricDefinition& metric : plan.metric_definitions) {
    if (auto fault = fault_of(metric, samples)) findings.push_back(*std::move(fault));
  }
  if (findings.empty() && !plan.metric_definitions.empty()) {
    findings.push_back(passed(check, counted(plan.metric_definitions.size(), "pattern") + " found in sample lines"));
  }
  return findings;
}

}  // namespace smflow::preflight
