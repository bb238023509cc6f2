#include "log_series.hpp"

#include "json_access.hpp"

#include <smflow/plan/make_plan.hpp>

namespace smflow::records {

void LogSeries::add(std::string_view line, WallTime time) {
  patterns_.read(line, [&](const std::string& name, double value) {
    OrderedJson entry{{"v", 1}};
    const auto since = time.time_since_epoch().count();
    if (since != 0) entry["t"] = static_cast<double>(since) / 1000;
    entry["step"] = ++seen_[name];
    entry["m"] = {{name, value}};
    lines_ += compact(entry) + "\n";
  });
}

std::vector<plan::MetricDefinition> metric_definitions_of(const Run& run) {
  const Parameter* own = run.parameter("sagemaker:SAGEMAKER.METRIC_DEFINITIONS");
  if (own == nullptr || !own->value.is_object() || own->value.empty()) return plan::default_metric_definitions();
  std::vector<plan::MetricDefinition> definitions;
  for (const auto& [name, regex] : own->value.items()) definitions.push_back({name, plain_text(regex)});
  return definitions;
}

}  // namespace smflow::records
