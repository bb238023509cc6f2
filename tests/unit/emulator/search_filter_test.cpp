#include "search_filter.hpp"

#include <gtest/gtest.h>

namespace smflow::emulator {

namespace {

const Json job = {{"TrainingJobName", "demo-1"},
                  {"CreationTime", 1700000000.5},
                  {"HyperParameters", {{"lr", "0.10"}, {"a.b", "c"}}},
                  {"Tags", Json::array({{{"Key", "owner"}, {"Value", "ann"}}})},
                  {"FinalMetricDataList", Json::array({{{"MetricName", "loss"}, {"Value", 0.5}}})}};

bool holds(const char* name, const char* op, const char* value) {
  const Json filter{{"Name", name}, {"Operator", op}, {"Value", value}};
  return satisfies(job, {{"Filters", Json::array({filter})}}).value();
}

TEST(SearchFilter, ComparesTextNumbersAndTimes) {
  EXPECT_TRUE(holds("TrainingJobName", "Contains", "demo"));
  EXPECT_TRUE(holds("TrainingJobName", "In", "x, demo-1"));
  EXPECT_TRUE(holds("TrainingJobName", "NotEquals", "demo"));
  EXPECT_TRUE(holds("HyperParameters.lr", "LessThan", "0.2"));
  EXPECT_FALSE(holds("HyperParameters.lr", "GreaterThan", "0.1"));
  EXPECT_TRUE(holds("HyperParameters.a.b", "Equals", "c"));
  EXPECT_TRUE(holds("Metrics.loss", "LessThanOrEqualTo", "0.5"));
  EXPECT_TRUE(holds("Tags.owner", "Equals", "ann"));
  EXPECT_TRUE(holds("CreationTime", "GreaterThan", "2023-11-14T00:00:00Z"));
  EXPECT_FALSE(holds("CreationTime", "GreaterThan", "2023-11-15T00:00:00Z"));
  EXPECT_TRUE(holds("Nothing", "NotExists", "x"));
}

TEST(SearchFilter, JoinsWithAndOrOr) {
  const Json yes{{"Name", "TrainingJobName"}, {"Operator", "Exists"}};
  const Json no{{"Name", "Nothing"}, {"Operator", "Exists"}};
  EXPECT_FALSE(*satisfies(job, {{"Filters", {yes, no}}}));
  EXPECT_TRUE(*satisfies(job, {{"Filters", {yes, no}}, {"Operator", "Or"}}));
  const Json inner{{"Filters", Json::array({no})}};
  EXPECT_FALSE(*satisfies(job, {{"Filters", Json::array({yes})}, {"SubExpressions", Json::array({inner})}}));
}

}  // namespace

}  // namespace smflow::emulator
