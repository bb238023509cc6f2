#include "plot.hpp"

#include "run_table.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include <smflow/base/text.hpp>

namespace smflow::cli {

namespace {

struct Range {
  double least;
  double greatest;
  void include(double value) {
    least = std::min(least, value);
    greatest = std::max(greatest, value);
  }
};

int place(double value, double from, double to, int cells) {
  if (!(to > from)) return 0;
  return std::clamp(static_cast<int>((value - from) / (to - from) * cells), 0, cells - 1);
}

std::vector<std::optional<Range>> columns_of(const std::vector<records::MetricPoint>& points, int width) {
  std::vector<std::optional<Range>> columns(static_cast<std::size_t>(width));
  const auto first = static_cast<double>(points.front().step);
  const auto last = static_cast<double>(points.back().step);
  for (const records::MetricPoint& point : points) {
    const int at = place(static_cast<double>(point.step), first, last, width);
    std::optional<Range>& column = columns[static_cast<std::size_t>(at)];
    if (!column) column = Range{point.value, point.value};
    column->include(point.value);
  }
  return columns;
}

}  // namespace

std::string plot(const records::MetricSeries& series, PlotSize size) {
  std::vector<records::MetricPoint> points;
  std::ranges::copy_if(series.points, std::back_inserter(points),
                       [](const records::MetricPoint& point) { return std::isfinite(point.value); });
  std::string text = printable(series.name) + "\n";
  if (points.empty()) return text + "  no values\n";
  Range all{points.front().value, points.front().value};
  for (const records::MetricPoint& point : points) all.include(point.value);
  const auto columns = columns_of(points, size.width);
  const std::string top = short_number(all.greatest);
  const std::string bottom = short_number(all.least);
  const std::size_t margin = std::max(top.size(), bottom.size());
  for (int row = size.height - 1; row >= 0; --row) {
    const std::string& label = row == size.height - 1 ? top : (row == 0 ? bottom : std::string());
    std::string line = "  " + std::string(margin - label.size(), ' ') + label + " ┤";
    for (const std::optional<Range>& column : columns) {
      const bool inside = column && place(column->least, all.least, all.greatest, size.height) <= row &&
                          row <= place(column->greatest, all.least, all.greatest, size.height);
      line += inside ? "•" : " ";
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  const std::string first = std::to_string(points.front().step);
  const std::string last = std::to_string(points.back().step);
  const auto field = static_cast<std::size_t>(size.width);
  const std::size_t gap = field > first.size() + last.size() ? field - first.size() - last.size() : 1;
  return text + "  " + std::string(margin + 2, ' ') + first + std::string(gap, ' ') + last + "\n";
}

}  // namespace smflow::cli
