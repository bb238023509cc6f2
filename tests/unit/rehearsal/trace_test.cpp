#include "told_steps.hpp"

#include <gtest/gtest.h>

#include <smflow/rehearsal/trace.hpp>

namespace smflow::rehearsal {
namespace {

TEST(Trace, HasTheFirstAndTheLastStep) {
  const Trace trace = read_trace(told_steps(40, 120, 40));
  EXPECT_EQ(trace.first, 40);
  EXPECT_EQ(trace.last, 120);
  EXPECT_EQ(trace.epoch, 1);
  EXPECT_FALSE(trace.last_is_exact);
  EXPECT_FALSE(trace.resumed_at);
}

TEST(Trace, KnowsTheLastStepWhenItWasSaved) {
  const Trace trace = read_trace(told_event("resume", 30) + told_steps(40, 80, 40) + told_event("checkpoint", 97));
  EXPECT_EQ(trace.resumed_at, 30);
  EXPECT_EQ(trace.first, 40);
  EXPECT_EQ(trace.last, 97);
  EXPECT_TRUE(trace.last_is_exact);
}

TEST(Trace, OfNothingHasNoStep) {
  const Trace trace = read_trace("{\"m\":{\"loss\":1}}\n{\"step\":5}\n[]\n{\"step\":\"x\",\"event\":\"resume\"}\n{");
  EXPECT_FALSE(trace.first);
  EXPECT_FALSE(trace.last);
}

TEST(Trace, MergedHasWhatTheLastStartTold) {
  const auto metrics = merged_metrics({read_trace(told_steps(1, 5, 1, 7)), read_trace(told_steps(3, 6))});
  ASSERT_EQ(metrics.series.size(), 1u);
  ASSERT_EQ(metrics.series[0].points.size(), 6u);
  EXPECT_EQ(metrics.series[0].points[1].value, 7.5);
  EXPECT_NEAR(metrics.series[0].points[2].value, 1.0 / 3, 1e-6);
}

class Reader : public testing::Test {
 protected:
  TraceReader reader{{{.name = "loss", .regex = "Loss: ([0-9.]+)"}}};
};

TEST_F(Reader, FindsValuesInALog) {
  for (const char* line : {"Loss: 9", "[1/20][40/122] Loss: 0.5", "[2/20][1/122] Loss: 0.25", "[2/20][2/122] none"}) {
    reader.add_log_line(line);
  }
  const Trace trace = reader.trace("");
  EXPECT_EQ(trace.first, 122 + 40);
  EXPECT_EQ(trace.last, 2 * 122 + 1);
  EXPECT_EQ(trace.epoch, 2);
  EXPECT_EQ(trace.metrics.series.at(0).points.at(1).value, 0.25);
}

TEST_F(Reader, TakesJsonLinesOfTheLogFirst) {
  reader.add_log_line("[1/20][40/122] Loss: 0.5");
  reader.add_log_line("{\"step\":3,\"m\":{\"loss\":2}}");
  EXPECT_EQ(reader.trace("").last, 3);
}

TEST_F(Reader, TakesMetricsFilesBeforeTheLog) {
  reader.add_log_line("{\"step\":3,\"m\":{\"loss\":2}}");
  EXPECT_EQ(reader.trace(told_steps(1, 9)).last, 9);
  EXPECT_EQ(reader.trace(told_event("resume", 9)).last, 9);
  EXPECT_EQ(reader.trace(told_event("checkpoint", 9)).last, 3);
}

}  // namespace
}  // namespace smflow::rehearsal
