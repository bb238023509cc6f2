#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <smflow/records/run_metrics.hpp>

namespace smflow::rehearsal {

struct CurveDifference {
  std::string metric;
  std::int64_t step = 0;
  double reference = 0;
  double rehearsed = 0;
};

struct CurveComparison {
  std::vector<std::string> metrics;  // compared: those of the reference with "loss" in their name, else all of it
  std::size_t points = 0;            // values that both have
  std::size_t missing = 0;           // values of the reference that the other has not
  std::optional<CurveDifference> first = {};    // at the first step that differs
  std::optional<CurveDifference> largest = {};  // by its distance
};

CurveComparison compare_curves(const records::RunMetrics& reference, const records::RunMetrics& rehearsed);

}  // namespace smflow::rehearsal
