#pragma once

#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include <smflow/base/clock.hpp>
#include <smflow/plan/log_metrics.hpp>

namespace smflow::emulator {

using plan::metric_pattern_fault;

struct MetricValue {
  double value = 0;
  WallTime time;
};

// The last value of each metric in a job's log. Safe to use from several threads.
class Metrics {
 public:
  explicit Metrics(const std::vector<plan::MetricDefinition>& definitions) : patterns_(definitions) {}

  void read(std::string_view line, WallTime time);
  std::map<std::string, MetricValue> last_values() const;

 private:
  const plan::LogMetrics patterns_;
  mutable std::mutex mutex_;  // guards what follows
  std::map<std::string, MetricValue> values_;
};

}  // namespace smflow::emulator
