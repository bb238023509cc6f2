#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <smflow/plan/log_metrics.hpp>
#include <smflow/records/run_metrics.hpp>

namespace smflow::rehearsal {

// What one start of the program has told of its steps.
struct Trace {
  std::string lines;                       // JSON lines in the form of metrics files
  records::RunMetrics metrics;             // of the lines
  std::optional<std::int64_t> first = {};  // the first step with a value
  std::optional<std::int64_t> last = {};   // the last step of any line
  std::int64_t epoch = 0;                  // of the last value; 0: not told
  bool last_is_exact = false;              // the program has told of the last step because it saved there
  // The step after which it went on: the line {"step":130,"event":"resume"}.
  std::optional<std::int64_t> resumed_at = {};
};

// Lines of metrics files; what is no such line is passed over.
Trace read_trace(std::string lines);

// Of several starts of one training: a step that comes again replaces what an earlier start has told of it.
records::RunMetrics merged_metrics(const std::vector<Trace>& starts);

// Finds out what the program tells, in the order of how much it says: metrics files, JSON lines of its log, and log
// lines "[3/10][40/122] ..." in which the job's metric definitions find values.
class TraceReader {
 public:
  explicit TraceReader(const std::vector<plan::MetricDefinition>& definitions) : patterns_(definitions) {}

  void add_log_line(std::string_view line);
  // `files`: the lines of the metrics files that the program has left.
  Trace trace(const std::string& files) const;

 private:
  plan::LogMetrics patterns_;
  std::string json_;
  std::string found_;
};

}  // namespace smflow::rehearsal
