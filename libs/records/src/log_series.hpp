#pragma once

#include <map>
#include <string>
#include <string_view>

#include <smflow/plan/log_metrics.hpp>
#include <smflow/records/run.hpp>

namespace smflow::records {

// Where the values are kept that were found in a log because the program wrote no metrics of its own.
inline constexpr std::string_view log_series_file = "metrics/log.jsonl";

// What the lines of a log say by the job's metric definitions, as lines of a metrics file. The step of a value is how
// often its metric was seen.
class LogSeries {
 public:
  explicit LogSeries(const std::vector<plan::MetricDefinition>& definitions) : patterns_(definitions) {}

  // A `time` of 0 is not known.
  void add(std::string_view line, WallTime time);
  const std::string& lines() const { return lines_; }

 private:
  const plan::LogMetrics patterns_;
  std::map<std::string, std::int64_t> seen_;
  std::string lines_;
};

// As the run's record has them.
std::vector<plan::MetricDefinition> metric_definitions_of(const Run& run);

}  // namespace smflow::records
