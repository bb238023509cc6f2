#include "metrics.hpp"

#include <gtest/gtest.h>

namespace smflow::emulator {

namespace {

TEST(Metrics, KeepTheLastValueOfEach) {
  Metrics metrics({{"loss", "loss: ([0-9.e+-]+)"}, {"epoch", "^epoch\\s+(\\d+)"}});
  metrics.read("epoch 1 loss: 2.5", {});
  metrics.read("loss: 1e-3 done", {});
  metrics.read("loss: -", {});
  EXPECT_DOUBLE_EQ(metrics.last_values().at("loss").value, 1e-3);
  EXPECT_DOUBLE_EQ(metrics.last_values().at("epoch").value, 1);
}

TEST(Metrics, AnOptionalStartIsNoneOfTheTextThatHasToBeThere) {
  Metrics metrics({{"a", "ab*=(\\d+)"}, {"b", "x=(\\d+)|y=(\\d+)"}});
  metrics.read("a=3", {});
  EXPECT_DOUBLE_EQ(metrics.last_values().at("a").value, 3);
}

TEST(Metrics, NeedACaptureGroupAndAValidPattern) {
  EXPECT_EQ(metric_pattern_fault("loss: (.*?);"), "");
  EXPECT_NE(metric_pattern_fault("loss"), "");
  EXPECT_NE(metric_pattern_fault("loss: ("), "");
}

TEST(Metrics, APatternThatBacktracksEndsOnALongLine) {
  Metrics metrics(std::vector<plan::MetricDefinition>{{"a", "((a+)+)b"}});
  metrics.read(std::string(100'000, 'a'), {});
  EXPECT_TRUE(metrics.last_values().empty());
}

}  // namespace

}  // namespace smflow::emulator
