#include "metric_lines.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace smflow::board {

TEST(MetricLines, BecomeCurvesInTheOrderOfTheLines) {
  MetricLines lines;
  read_metric_lines(R"({"v":1,"t":10.5,"step":1,"epoch":1,"m":{"generator/loss":2.5}}
{"v":1,"t":11.5,"step":2,"epoch":1,"m":{"generator/loss":1.5,"d/real":0.7}}
)",
                    lines);
  ASSERT_EQ(lines.series.size(), 2u);
  EXPECT_EQ(lines.series[0].name, "generator/loss");
  ASSERT_EQ(lines.series[0].points.size(), 2u);
  EXPECT_EQ(lines.series[0].points[1].step, 2);
  EXPECT_EQ(lines.series[0].points[1].time, 11.5);
  EXPECT_EQ(lines.series[0].points[1].value, 1.5);
}

TEST(MetricLines, KnowWhatJsonCannotWrite) {
  MetricLines lines;
  read_metric_lines("{\"step\":1,\"m\":{\"a\":\"NaN\",\"b\":\"Infinity\",\"c\":\"-Infinity\",\"d\":\"12\"}}\n", lines);
  ASSERT_EQ(lines.series.size(), 3u);
  EXPECT_TRUE(std::isnan(lines.series[0].points[0].value));
  EXPECT_EQ(lines.series[1].points[0].value, INFINITY);
  EXPECT_EQ(lines.series[2].points[0].value, -INFINITY);
}

TEST(MetricLines, PassOverWhatIsNone) {
  MetricLines lines;
  read_metric_lines(
      "not "
      "json\n[]\n7\n{}\n{\"step\":\"1\",\"m\":{\"a\":1}}\n{\"step\":1,\"m\":[1]}\n{\"step\":1,\"m\":{\"a\":true}}\n{"
      "\"step\":1,\"m\":{\"a\":1}}",
      lines);
  EXPECT_TRUE(lines.series.empty());
}

TEST(MetricLines, TellAtWhichStepAPictureWasMade) {
  MetricLines lines;
  read_metric_lines(
      "{\"step\":90,\"event\":\"sample\",\"file\":\"samples/"
      "epoch-0001.png\"}\n{\"step\":91,\"event\":\"checkpoint\",\"file\":\"a.pt\"}\n",
      lines);
  EXPECT_EQ(lines.sample_steps, (std::map<std::string, std::int64_t>{{"samples/epoch-0001.png", 90}}));
}

TEST(MetricSummaries, LeaveOutWhatIsNoNumberButForTheLast) {
  const std::vector<Metric> metrics =
      summaries({{"a", {{0, 0, 3}, {1, 0, NAN}, {2, 0, -1}, {3, 0, INFINITY}}}, {"b", {{0, 0, NAN}}}});
  EXPECT_EQ(metrics[0].least, -1);
  EXPECT_EQ(metrics[0].greatest, 3);
  EXPECT_EQ(metrics[0].last, INFINITY);
  EXPECT_TRUE(std::isnan(metrics[1].least));
}

}  // namespace smflow::board
