#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

#include <smflow/base/clock.hpp>
#include <smflow/plan/job_plan.hpp>

namespace smflow::emulator {

// Why a metric's regular expression cannot be used; empty when it can. ECMAScript without back-references, with one or
// more capture groups: matching takes a time that grows with the line's length only.
std::string metric_pattern_fault(const std::string& pattern);

struct MetricValue {
  double value = 0;
  WallTime time;
};

// The last value of each metric in a job's log. A line counts with its first 4 KiB. Safe to use from several threads.
class Metrics {
 public:
  explicit Metrics(const std::vector<plan::MetricDefinition>& definitions);

  void read(std::string_view line, WallTime time);
  std::map<std::string, MetricValue> last_values() const;

 private:
  struct Definition {
    std::string name;
    std::string needed;  // every match begins with this text
    std::regex pattern;
  };

  std::vector<Definition> definitions_;
  mutable std::mutex mutex_;  // guards what follows
  std::map<std::string, MetricValue> values_;
};

}  // namespace smflow::emulator
