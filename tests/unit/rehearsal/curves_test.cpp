#include "told_steps.hpp"

#include <gtest/gtest.h>

#include <smflow/rehearsal/curves.hpp>

namespace smflow::rehearsal {
namespace {

CurveComparison compare(const std::string& reference, const std::string& rehearsed) {
  return compare_curves(records::parse_metric_lines(reference), records::parse_metric_lines(rehearsed));
}

TEST(Curves, ThatAreEqualDifferNowhere) {
  const CurveComparison same = compare(told_steps(1, 9), told_steps(1, 9));
  EXPECT_EQ(same.points, 9u);
  EXPECT_EQ(same.missing, 0u);
  EXPECT_FALSE(same.first);
  EXPECT_FALSE(same.largest);
}

TEST(Curves, DifferFirstAndMost) {
  const CurveComparison other = compare(
      told_steps(1, 9), told_steps(1, 4) + told_steps(5, 6, 1, 0.5) + told_steps(7, 7, 1, 2) + told_steps(8, 9));
  ASSERT_TRUE(other.first);
  EXPECT_EQ(other.first->metric, "loss");
  EXPECT_EQ(other.first->step, 5);
  EXPECT_EQ(other.first->reference, 0.2);
  EXPECT_EQ(other.first->rehearsed, 0.7);
  EXPECT_EQ(other.largest->step, 7);
}

TEST(Curves, CountWhatOneOfThemLacks) {
  const CurveComparison shorter = compare(told_steps(1, 9), told_steps(3, 12));
  EXPECT_EQ(shorter.points, 7u);
  EXPECT_EQ(shorter.missing, 2u);
  EXPECT_EQ(compare(told_steps(1, 9), "").missing, 9u);
}

TEST(Curves, AreThoseOfLossesWhereThereAreSome) {
  const CurveComparison losses =
      compare("{\"step\":1,\"m\":{\"g/Loss\":1,\"speed\":5}}", "{\"step\":1,\"m\":{\"g/Loss\":1,\"speed\":6}}");
  EXPECT_EQ(losses.metrics, std::vector<std::string>{"g/Loss"});
  EXPECT_FALSE(losses.first);
  const CurveComparison all = compare("{\"step\":1,\"m\":{\"accuracy\":1}}", "{\"step\":1,\"m\":{\"accuracy\":2}}");
  EXPECT_EQ(all.metrics, std::vector<std::string>{"accuracy"});
  EXPECT_TRUE(all.first);
}

TEST(Curves, AreEqualWhereBothAreNoNumber) {
  const char* none = "{\"step\":1,\"m\":{\"loss\":\"NaN\"}}";
  EXPECT_FALSE(compare(none, none).first);
  const CurveComparison broken = compare("{\"step\":1,\"m\":{\"loss\":1}}\n{\"step\":2,\"m\":{\"loss\":9}}",
                                         "{\"step\":1,\"m\":{\"loss\":\"NaN\"}}\n{\"step\":2,\"m\":{\"loss\":1}}");
  ASSERT_TRUE(broken.largest);
  EXPECT_EQ(broken.largest->step, 1);
}

}  // namespace
}  // namespace smflow::rehearsal
