#include <cmath>
#include <cstdlib>
#include <optional>

#include <smflow/plan/log_metrics.hpp>

namespace smflow::plan {

namespace {

constexpr std::size_t line_limit = 4096;

// libstdc++'s other way of matching recurses once a character and may take exponential time.
constexpr auto syntax = std::regex::ECMAScript | std::regex_constants::__polynomial;

// The plain text a pattern begins with. A last character that may be repeated or absent is not part of it, and a
// pattern with alternatives has none.
std::string literal_start(const std::string& pattern) {
  if (pattern.find('|') != std::string::npos) return {};
  std::string text;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    char c = pattern[i];
    if (std::string_view("?*+{").find(c) != std::string_view::npos && !text.empty()) text.pop_back();
    if (std::string_view("^$.?*+()[]{}").find(c) != std::string_view::npos) break;
    if (c == '\\') {
      if (i + 1 == pattern.size() || std::isalnum(static_cast<unsigned char>(pattern[i + 1])) != 0) break;
      c = pattern[++i];
    }
    text += c;
  }
  return text;
}

std::optional<double> number(const std::string& text) {
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != '\0' || !std::isfinite(value)) return {};
  return value;
}

}  // namespace

std::string metric_pattern_fault(const std::string& pattern) {
  try {
    const std::regex compiled(pattern, syntax);
    return compiled.mark_count() > 0 ? "" : "it has no capture group, which would be the value";
  } catch (const std::regex_error& error) {
    return error.what();
  }
}

LogMetrics::LogMetrics(const std::vector<MetricDefinition>& definitions) {
  for (const MetricDefinition& one : definitions) {
    if (!metric_pattern_fault(one.regex).empty()) continue;
    definitions_.push_back({one.name, literal_start(one.regex), std::regex(one.regex, syntax)});
  }
}

void LogMetrics::read(std::string_view line,
                      const std::function<void(const std::string& name, double value)>& found) const {
  line = line.substr(0, line_limit);
  for (const Definition& one : definitions_) {
    if (line.find(one.needed) == std::string_view::npos) continue;
    std::match_results<std::string_view::const_iterator> match;
    if (!std::regex_search(line.begin(), line.end(), match, one.pattern)) continue;
    if (const auto value = number(match[1].str())) found(one.name, *value);
  }
}

}  // namespace smflow::plan
