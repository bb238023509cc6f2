#include <cmath>

#include <gtest/gtest.h>

#include <smflow/records/run_metrics.hpp>

namespace smflow::records {
namespace {

TEST(MetricLines, AreSeriesByName) {
  const RunMetrics metrics = parse_metric_lines(
      "{\"v\":1,\"t\":1.5,\"step\":1,\"epoch\":1,\"m\":{\"a\":3,\"b\":0.5}}\n"
      "{\"v\":1,\"step\":2,\"epoch\":1,\"m\":{\"a\":1}}\n");
  ASSERT_EQ(metrics.series.size(), 2u);
  EXPECT_EQ(metrics.series[0].points.size(), 2u);
  EXPECT_EQ(metrics.series[1].points.front().value, 0.5);
  EXPECT_EQ(metrics.series[1].points.front().time, 1.5);
}

TEST(MetricLines, OfAResumedRunReplaceThoseOfTheInterruptedOne) {
  const RunMetrics metrics = parse_metric_lines(
      "{\"step\":1,\"m\":{\"a\":1}}\n{\"step\":2,\"m\":{\"a\":2}}\n{\"step\":2,\"m\":{\"a\":9}}\n{\"step\":3,\"m\":{"
      "\"a\":3}}\n");
  ASSERT_EQ(metrics.series.front().points.size(), 3u);
  EXPECT_EQ(metrics.series.front().points[1].value, 9);
}

TEST(MetricLines, PassOverWhatIsNone) {
  const RunMetrics metrics = parse_metric_lines(
      "\n{\"step\":1,\"event\":\"sample\",\"file\":\"x.png\"}\n[1]\n{\"step\":1,\"m\":{\"a\":\"word\"}}\n{\"step\":1,"
      "\"m\":");
  EXPECT_TRUE(metrics.series.empty());
  EXPECT_EQ(metrics.source, MetricSource::none);
}

TEST(MetricLines, KnowWhatJsonCannotWrite) {
  const RunMetrics metrics =
      parse_metric_lines("{\"step\":1,\"m\":{\"a\":\"NaN\",\"b\":\"Infinity\",\"c\":\"-Infinity\",\"d\":\"12\"}}\n");
  ASSERT_EQ(metrics.series.size(), 3u);
  EXPECT_TRUE(std::isnan(metrics.series[0].points[0].value));
  EXPECT_EQ(metrics.series[1].points[0].value, INFINITY);
  EXPECT_EQ(metrics.series[2].points[0].value, -INFINITY);
}

TEST(MetricLines, TellAtWhichStepAPictureWasMade) {
  const RunMetrics metrics = parse_metric_lines(
      "{\"step\":90,\"event\":\"sample\",\"file\":\"samples/epoch-0001.png\"}\n"
      "{\"step\":91,\"event\":\"checkpoint\",\"file\":\"a.pt\"}\n");
  EXPECT_EQ(metrics.sample_steps, (std::map<std::string, std::int64_t>{{"samples/epoch-0001.png", 90}}));
}

std::vector<double> losses(const LogMetricsReader& reader) {
  std::vector<double> values;
  for (const MetricSeries& series : reader.metrics().series) {
    EXPECT_EQ(series.name, "generator:loss");
    for (const MetricPoint& point : series.points) values.push_back(point.value);
  }
  return values;
}

TEST(LogMetrics, AreTheSameInWhateverPiecesTheLogComes) {
  const std::string log = "begins\n[1/2] Loss_G: 2.5\n\nLoss_G: 1.25 D(x)\nends\n";
  for (std::size_t piece = 1; piece <= log.size(); ++piece) {
    LogMetricsReader reader{records::Run{}};
    for (std::size_t at = 0; at < log.size(); at += piece) reader.add(std::string_view(log).substr(at, piece));
    EXPECT_EQ(losses(reader), (std::vector<double>{2.5, 1.25})) << piece;
  }
}

TEST(LogMetrics, CountALineWhenItsEndIsThere) {
  LogMetricsReader reader{records::Run{}};
  reader.add("Loss_G: 1.");
  EXPECT_EQ(reader.metrics().source, MetricSource::none);
  reader.add("25\n");
  EXPECT_EQ(losses(reader), std::vector<double>{1.25});
  EXPECT_EQ(reader.metrics().series[0].points[0].step, 1);
}

TEST(LogMetrics, LookAtTheBeginningOfALineWithoutEnd) {
  LogMetricsReader reader{records::Run{}};
  reader.add("Loss_G: 3 ");
  for (int i = 0; i < 1000; ++i) reader.add(std::string(10'000, 'x'));
  reader.add("Loss_G: 4\n");
  EXPECT_EQ(losses(reader), std::vector<double>{3});
}

TEST(MetricSummaries, LeaveNaNOutOfLeastAndGreatest) {
  const RunMetrics metrics = parse_metric_lines(
      "{\"step\":1,\"m\":{\"a\":4}}\n{\"step\":2,\"m\":{\"a\":-1}}\n{\"step\":3,\"m\":{\"a\":\"NaN\"}}\n");
  const MetricSummary summary = summarize(metrics).front();
  EXPECT_TRUE(std::isnan(summary.last));
  EXPECT_EQ(summary.least, -1);
  EXPECT_EQ(summary.least_step, 2);
  EXPECT_EQ(summary.greatest, 4);
  EXPECT_EQ(summary.points, 2u);
}

}  // namespace
}  // namespace smflow::records
