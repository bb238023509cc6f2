#include "metric_lines.hpp"

#include <algorithm>
#include <cmath>

#include <smflow/base/json.hpp>

namespace smflow::board {

namespace {

std::optional<double> value_of(const Json& json) {
  if (json.is_number()) return json.get<double>();
  if (json == "NaN") return NAN;
  if (json == "Infinity") return INFINITY;
  if (json == "-Infinity") return -INFINITY;
  return std::nullopt;
}

Series& series_of(std::vector<Series>& all, const std::string& name) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const Series& series) { return series.name == name; });
  if (found != all.end()) return *found;
  all.push_back({name, {}});
  return all.back();
}

void take(const Json& line, MetricLines& lines) {
  const auto step = line.find("step");
  if (step == line.end() || !step->is_number_integer()) return;
  Point point{.step = step->get<std::int64_t>()};
  if (const auto time = line.find("t"); time != line.end() && time->is_number()) point.time = time->get<double>();
  if (const auto values = line.find("m"); values != line.end() && values->is_object()) {
    for (const auto& [name, json] : values->items()) {
      const auto value = value_of(json);
      if (!value) continue;
      point.value = *value;
      series_of(lines.series, name).points.push_back(point);
    }
  }
  const auto file = line.find("file");
  if (line.value("event", Json()) == "sample" && file != line.end() && file->is_string()) {
    lines.sample_steps[file->get<std::string>()] = point.step;
  }
}

}  // namespace

void read_metric_lines(std::string_view text, MetricLines& lines) {
  constexpr JsonLimits limits{.bytes = 64 << 10, .depth = 4};
  for (std::size_t begin = 0, end; (end = text.find('\n', begin)) != std::string_view::npos; begin = end + 1) {
    const auto line = parse_json(text.substr(begin, end - begin), "metrics line", limits);
    if (line && line->is_object()) take(*line, lines);
  }
}

std::vector<Metric> summaries(const std::vector<Series>& series) {
  std::vector<Metric> metrics;
  for (const Series& one : series) {
    Metric metric{.name = one.name, .last = one.points.back().value, .least = INFINITY, .greatest = -INFINITY};
    for (const Point& point : one.points) {
      if (!std::isfinite(point.value)) continue;
      metric.least = std::min(metric.least, point.value);
      metric.greatest = std::max(metric.greatest, point.value);
    }
    if (metric.least > metric.greatest) metric.least = metric.greatest = NAN;
    metrics.push_back(std::move(metric));
  }
  return metrics;
}

}  // namespace smflow::board
