#pragma once

#include <map>
#include <string>
#include <vector>

#include <smflow/plan/log_metrics.hpp>
#include <smflow/records/run.hpp>

namespace smflow::records {

struct MetricPoint {
  std::int64_t step = 0;
  std::int64_t epoch = 0;
  double time = 0;  // Unix time in seconds; 0: not known
  double value = 0;
};

struct MetricSeries {
  std::string name;
  std::vector<MetricPoint> points;  // by step
};

// Where the values come from: the training program's JSON lines, or its log and the metric definitions.
enum class MetricSource { none, lines, log };

struct RunMetrics {
  MetricSource source = MetricSource::none;
  std::vector<MetricSeries> series;                       // by name
  std::map<std::string, std::int64_t> sample_steps = {};  // of pictures, by file: "samples/epoch-0001.png"
};

// Lines of metrics files: {"step":150,"epoch":1,"t":1795439002.1,"m":{"loss":2.1}} and
// {"step":150,"event":"sample","file":"samples/epoch-0001.png"}. What is no such line is passed over; a step that comes
// again replaces what an interrupted run wrote there.
RunMetrics parse_metric_lines(std::string_view text);

// What the metric definitions of a run find in a log of it, piece by piece, so that it may be long, or still grow. The
// step of a value is how often its metric was seen.
class LogMetricsReader {
 public:
  explicit LogMetricsReader(const Run& run);

  // What follows the text of before. A line counts when its end is there.
  void add(std::string_view text);
  RunMetrics metrics() const;

 private:
  plan::LogMetrics patterns_;
  std::string begun_;  // the last line
  std::map<std::string, MetricSeries> series_;
};

// The run's metrics/*.jsonl, else what its logs say. Nothing at all is a run without metrics.
Result<RunMetrics> read_metrics(storage::Store& bucket, const Run& run);
// The same from the files of the record alone, without a look into the log, which may be huge.
Result<RunMetrics> read_kept_metrics(storage::Store& bucket, const Run& run);

std::vector<MetricSummary> summarize(const RunMetrics& metrics);

}  // namespace smflow::records
