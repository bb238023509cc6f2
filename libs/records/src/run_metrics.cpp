#include "json_access.hpp"
#include "log_series.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include <smflow/base/json_number.hpp>
#include <smflow/records/run_metrics.hpp>

namespace smflow::records {

namespace {

constexpr std::string_view metrics_folder = "metrics/";
constexpr std::string_view first_host_log = "logs/algo-1.txt";

std::int64_t integer(const Json& line, const char* name) {
  const auto found = line.find(name);
  return found != line.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

// The points of each metric by step; what comes again replaces.
class SeriesBuilder {
 public:
  void add_line(std::string_view text) {
    constexpr JsonLimits limits{.bytes = 1 << 20, .depth = 8};
    const auto parsed = parse_json(text, "metrics line", limits);
    if (!parsed || !parsed->is_object()) return;
    const Json& line = *parsed;
    note_sample(line);
    if (!line.contains("m") || !line["m"].is_object()) return;
    const Json time = line.value("t", Json());
    MetricPoint point{.step = integer(line, "step"),
                      .epoch = integer(line, "epoch"),
                      .time = time.is_number() ? time.get<double>() : 0};
    for (const auto& [name, value] : line["m"].items()) {
      const auto number = number_of(value);
      if (!number) continue;
      point.value = *number;
      points_[name][point.step] = point;
    }
  }

  RunMetrics take(MetricSource source) {
    RunMetrics metrics{.source = points_.empty() ? MetricSource::none : source,
                       .series = {},
                       .sample_steps = std::move(sample_steps_)};
    for (auto& [name, points] : points_) {
      MetricSeries series{.name = name, .points = {}};
      for (const auto& [step, point] : points) series.points.push_back(point);
      metrics.series.push_back(std::move(series));
    }
    return metrics;
  }

 private:
  void note_sample(const Json& line) {
    const Json file = line.value("file", Json());
    if (line.value("event", Json()) != "sample" || !file.is_string()) return;
    sample_steps_[file.get<std::string>()] = integer(line, "step");
  }

  std::map<std::string, std::map<std::int64_t, MetricPoint>> points_;
  std::map<std::string, std::int64_t> sample_steps_;
};

template <class Work>
void for_each_line(std::string_view text, const Work& work) {
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    work(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
}

void add_lines(SeriesBuilder& builder, std::string_view text) {
  for_each_line(text, [&](std::string_view line) { builder.add_line(line); });
}

Result<RunMetrics> metrics_of_log(storage::Store& bucket, const Run& run) {
  constexpr std::uint64_t piece = 8 << 20;
  const std::string key = run.record_key + "/" + std::string(first_host_log);
  LogMetricsReader reader(run);
  for (std::uint64_t at = 0;; at += piece) {
    const auto text = bucket.get_range(key, at, piece);
    if (!text) return tl::unexpected(text.error());
    reader.add(*text);
    if (text->size() == piece) continue;
    reader.add("\n");
    return reader.metrics();
  }
}

bool is_metrics_file(const storage::ObjectInfo& file) {
  return file.key.starts_with(metrics_folder) && file.key.ends_with(".jsonl");
}

bool has_file(const Run& run, std::string_view name) {
  return std::ranges::any_of(run.files, [&](const storage::ObjectInfo& file) { return file.key == name; });
}

}  // namespace

RunMetrics parse_metric_lines(std::string_view text) {
  SeriesBuilder builder;
  add_lines(builder, text);
  return builder.take(MetricSource::lines);
}

LogMetricsReader::LogMetricsReader(const Run& run) : patterns_(metric_definitions_of(run)) {}

void LogMetricsReader::add(std::string_view text) {
  // LogMetrics looks at no more of a line.
  constexpr std::size_t most_of_a_line = 4 << 10;
  for (std::size_t end; (end = text.find('\n')) != std::string_view::npos; text.remove_prefix(end + 1)) {
    std::string_view line = text.substr(0, end);
    if (!begun_.empty()) line = begun_.append(line.substr(0, most_of_a_line));
    patterns_.read(line, [this](const std::string& name, double value) {
      MetricSeries& series = series_[name];
      series.points.push_back({.step = std::ssize(series.points) + 1, .value = value});
    });
    begun_.clear();
  }
  begun_.append(text.substr(0, most_of_a_line - std::min(most_of_a_line, begun_.size())));
}

RunMetrics LogMetricsReader::metrics() const {
  RunMetrics metrics{.source = series_.empty() ? MetricSource::none : MetricSource::log, .series = {}};
  for (const auto& [name, series] : series_) metrics.series.push_back({name, series.points});
  return metrics;
}

Result<RunMetrics> read_kept_metrics(storage::Store& bucket, const Run& run) {
  SeriesBuilder builder;
  MetricSource source = MetricSource::log;
  for (const storage::ObjectInfo& file : run.files) {
    if (!is_metrics_file(file)) continue;
    const auto text = bucket.get(run.record_key + "/" + file.key, 1ull << 30);
    if (!text) return tl::unexpected(text.error());
    add_lines(builder, *text);
    if (file.key != log_series_file) source = MetricSource::lines;
  }
  return builder.take(source);
}

Result<RunMetrics> read_metrics(storage::Store& bucket, const Run& run) {
  auto metrics = read_kept_metrics(bucket, run);
  if (!metrics || !metrics->series.empty() || !has_file(run, first_host_log)) return metrics;
  auto logged = metrics_of_log(bucket, run);
  if (logged) logged->sample_steps = std::move(metrics->sample_steps);
  return logged;
}

std::vector<MetricSummary> summarize(const RunMetrics& metrics) {
  std::vector<MetricSummary> all;
  for (const MetricSeries& series : metrics.series) {
    MetricSummary summary{.name = series.name};
    for (const MetricPoint& point : series.points) {
      summary.last = point.value;
      summary.last_step = point.step;
      if (std::isnan(point.value)) continue;
      if (summary.points == 0 || point.value < summary.least) {
        summary.least = point.value;
        summary.least_step = point.step;
      }
      if (summary.points == 0 || point.value > summary.greatest) {
        summary.greatest = point.value;
        summary.greatest_step = point.step;
      }
      ++summary.points;
    }
    all.push_back(std::move(summary));
  }
  return all;
}

}  // namespace smflow::records
