#pragma once

#include <string>

#include <smflow/records/run_metrics.hpp>

namespace smflow::cli {

struct PlotSize {
  int width = 60;  // of the field, in characters
  int height = 8;
};

// A curve for a terminal, as lines of text: the name, the field with its limits at the left, the steps below. Several
// values of one column show as the range from the least to the greatest. Values that are no numbers are left out.
std::string plot(const records::MetricSeries& series, PlotSize size = {});

}  // namespace smflow::cli
