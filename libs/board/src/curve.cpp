#include "curve.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace smflow::board {

namespace {

using Iterator = std::vector<Point>::const_iterator;

// Not a number counts as neither.
bool is_less(const Point& a, const Point& b) {
  return std::isfinite(a.value) && (!std::isfinite(b.value) || a.value < b.value);
}
bool is_greater(const Point& a, const Point& b) {
  return std::isfinite(a.value) && (!std::isfinite(b.value) || a.value > b.value);
}

void keep_of_piece(Iterator begin, Iterator end, std::vector<Point>& kept) {
  const auto no_number = std::find_if(begin, end, [](const Point& point) { return !std::isfinite(point.value); });
  std::array<Iterator, 5> wanted{begin, std::min_element(begin, end, is_less), std::min_element(begin, end, is_greater),
                                 no_number == end ? begin : no_number, end - 1};
  std::sort(wanted.begin(), wanted.end());
  const auto last = std::unique(wanted.begin(), wanted.end());
  std::for_each(wanted.begin(), last, [&](Iterator point) { kept.push_back(*point); });
}

}  // namespace

std::vector<Point> thinned(const std::vector<Point>& points, std::size_t most) {
  if (points.size() <= most) return points;
  const std::size_t pieces = std::max<std::size_t>(1, most / 4);
  std::vector<Point> kept;
  kept.reserve(pieces * 5);
  for (std::size_t i = 0; i < pieces; ++i) {
    const auto begin = static_cast<std::ptrdiff_t>(points.size() * i / pieces);
    const auto end = static_cast<std::ptrdiff_t>(points.size() * (i + 1) / pieces);
    if (begin < end) keep_of_piece(points.begin() + begin, points.begin() + end, kept);
  }
  return kept;
}

std::string spark(const Series& series) {
  constexpr std::size_t most = 24;
  constexpr double top = 63;
  const std::size_t count = std::min(most, series.points.size());
  if (count < 2) return {};
  std::vector<double> values;
  for (std::size_t i = 0; i < count; ++i) {
    values.push_back(series.points[i * (series.points.size() - 1) / (count - 1)].value);
  }
  double least = INFINITY, greatest = -INFINITY;
  for (const double value : values) {
    if (!std::isfinite(value)) continue;
    least = std::min(least, value);
    greatest = std::max(greatest, value);
  }
  std::string line;
  for (const double value : values) {
    const double share = greatest > least ? (value - least) / (greatest - least) : 0.5;
    line.push_back(std::isfinite(value) ? static_cast<char>('0' + std::lround(share * top)) : '-');
  }
  return line;
}

}  // namespace smflow::board
