#include "curve.hpp"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

namespace smflow::board {

namespace {

std::vector<Point> wave(std::size_t count) {
  std::vector<Point> points;
  for (std::size_t i = 0; i < count; ++i) {
    points.push_back({static_cast<std::int64_t>(i), 0, std::sin(static_cast<double>(i) / 50)});
  }
  return points;
}

bool has(const std::vector<Point>& points, std::int64_t step) {
  return std::any_of(points.begin(), points.end(), [&](const Point& point) { return point.step == step; });
}

}  // namespace

TEST(Thinned, LeavesAShortCurveAlone) {
  EXPECT_EQ(thinned(wave(100), 100).size(), 100u);
}

TEST(Thinned, KeepsEndsAndExtremes) {
  std::vector<Point> points = wave(100'000);
  points[41'234].value = 900;
  points[77'777].value = -900;
  const std::vector<Point> kept = thinned(points, 2'000);
  EXPECT_LE(kept.size(), 2'500u);
  EXPECT_GE(kept.size(), 1'000u);
  for (const std::int64_t step : {0, 41'234, 77'777, 99'999}) EXPECT_TRUE(has(kept, step)) << step;
}

TEST(Thinned, KeepsWhatIsNoNumber) {
  std::vector<Point> points = wave(10'000);
  points[4'321].value = NAN;
  points[6'543].value = INFINITY;
  const std::vector<Point> kept = thinned(points, 400);
  EXPECT_TRUE(has(kept, 4'321));
  EXPECT_TRUE(has(kept, 6'543));
}

TEST(Thinned, KeepsTheOrderAndNothingTwice) {
  const std::vector<Point> kept = thinned(wave(5'000), 77);
  for (std::size_t i = 1; i < kept.size(); ++i) EXPECT_LT(kept[i - 1].step, kept[i].step);
}

TEST(Spark, RunsFromTheLeastToTheGreatest) {
  const std::string line = spark({"a", {{0, 0, 1}, {1, 0, 2}, {2, 0, 3}}});
  EXPECT_EQ(line, "0Po");
}

TEST(Spark, ShowsAGapWhereThereIsNoNumber) {
  EXPECT_EQ(spark({"a", {{0, 0, 1}, {1, 0, NAN}, {2, 0, 3}}}), "0-o");
  EXPECT_EQ(spark({"a", {{0, 0, NAN}, {1, 0, NAN}}}), "--");
}

TEST(Spark, NeedsTwoPoints) {
  EXPECT_EQ(spark({"a", {{0, 0, 1}}}), "");
}

TEST(Spark, IsInTheMiddleWhenNothingMoves) {
  EXPECT_EQ(spark({"a", {{0, 0, 5}, {1, 0, 5}}}), "PP");
}

}  // namespace smflow::board
