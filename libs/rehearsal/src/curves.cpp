#include <algorithm>
#include <cmath>
#include <map>

#include <smflow/base/text.hpp>
#include <smflow/rehearsal/curves.hpp>

namespace smflow::rehearsal {

namespace {

bool is_loss(const records::MetricSeries& series) {
  return to_upper(series.name).find("LOSS") != std::string::npos;
}

double distance(const CurveDifference& difference) {
  const double distance = std::abs(difference.reference - difference.rehearsed);
  return std::isnan(distance) ? HUGE_VAL : distance;
}

void note_difference(CurveComparison& comparison, const CurveDifference& difference) {
  const bool both_are_none = std::isnan(difference.reference) && std::isnan(difference.rehearsed);
  if (both_are_none || difference.reference == difference.rehearsed) return;
  if (!comparison.first || difference.step < comparison.first->step) comparison.first = difference;
  if (!comparison.largest || distance(difference) > distance(*comparison.largest)) comparison.largest = difference;
}

void compare_series(CurveComparison& comparison, const records::MetricSeries& reference,
                    const records::RunMetrics& rehearsed) {
  std::map<std::int64_t, double> values;
  const auto other = std::ranges::find(rehearsed.series, reference.name, &records::MetricSeries::name);
  if (other != rehearsed.series.end()) {
    for (const records::MetricPoint& point : other->points) values[point.step] = point.value;
  }
  for (const records::MetricPoint& point : reference.points) {
    const auto value = values.find(point.step);
    ++(value == values.end() ? comparison.missing : comparison.points);
    if (value == values.end()) continue;
    note_difference(comparison, {reference.name, point.step, point.value, value->second});
  }
}

}  // namespace

CurveComparison compare_curves(const records::RunMetrics& reference, const records::RunMetrics& rehearsed) {
  CurveComparison comparison;
  const bool has_losses = std::ranges::any_of(reference.series, is_loss);
  for (const records::MetricSeries& series : reference.series) {
    if (has_losses && !is_loss(series)) continue;
    comparison.metrics.push_back(series.name);
    compare_series(comparison, series, rehearsed);
  }
  return comparison;
}

}  // namespace smflow::rehearsal
