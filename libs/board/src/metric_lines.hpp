#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <smflow/board/board.hpp>

namespace smflow::board {

struct MetricLines {
  std::vector<Series> series;  // in the order of the lines that named them first, in a line by name
  std::map<std::string, std::int64_t> sample_steps;  // by file
};

// {"t":1795439002.1,"step":150,"m":{"generator/loss":2.1}} and {"step":150,"event":"sample","file":"samples/a.png"};
// lines that are neither are passed over.
void read_metric_lines(std::string_view text, MetricLines& lines);

std::vector<Metric> summaries(const std::vector<Series>& series);

}  // namespace smflow::board
