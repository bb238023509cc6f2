#pragma once

#include <functional>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

#include <smflow/plan/job_plan.hpp>

namespace smflow::plan {

// Why a metric's regular expression cannot be used; empty when it can. ECMAScript without back-references, with one or
// more capture groups: matching takes a time that grows with the line's length only.
std::string metric_pattern_fault(const std::string& pattern);

// What metric definitions find in the lines of a log. A line counts with its first 4 KiB. A definition whose pattern
// cannot be used finds nothing. Safe to use from several threads.
class LogMetrics {
 public:
  explicit LogMetrics(const std::vector<MetricDefinition>& definitions);

  // Calls `found` for each metric of the line.
  void read(std::string_view line, const std::function<void(const std::string& name, double value)>& found) const;

 private:
  struct Definition {
    std::string name;
    std::string needed;  // every match begins with this text
    std::regex pattern;
  };

  std::vector<Definition> definitions_;
};

}  // namespace smflow::plan
