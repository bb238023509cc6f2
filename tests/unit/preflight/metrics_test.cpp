#include "fake_services.hpp"

#include <smflow/plan/make_plan.hpp>

namespace smflow::preflight {
namespace {

using testing::HasSubstr;

Finding of_pattern(const std::string& regex) {
  plan::JobPlan plan;
  plan.metric_definitions = {{"loss", regex}};
  return only(check_metrics(plan, sample_lines()));
}

TEST(MetricPatterns, OfSmflowFindTheirNumbersInItsOwnLines) {
  plan::JobPlan plan;
  plan.metric_definitions = plan::default_metric_definitions();
  EXPECT_EQ(only(check_metrics(plan, sample_lines())).severity, Severity::passed);
}

TEST(MetricPatterns, ThatAreNoneAreAnError) {
  for (const char* regex :
       {"Loss_D: (", "[", "Loss_D: [0-9.]+", "(?<loss>[0-9.]+", "(a))(?i)", "*(a)", "(?i)(+a)", "(?i)(a)\\"}) {
    const Finding finding = of_pattern(regex);
    EXPECT_EQ(finding.report.code, "E229") << regex;
    EXPECT_EQ(finding.severity, Severity::error);
    EXPECT_EQ(finding.option, "SAGEMAKER.METRIC_DEFINITIONS");
  }
}

TEST(MetricPatterns, ThatOnlySageMakerKnowsAreAWarning) {
  for (const char* regex : {"loss=(?<loss>[0-9.]+)", "(?<=loss=)([0-9.]+)", "(?i)LOSS=([0-9.]+)",
                            R"(\Qf(x=\E([0-9.]+))", R"((?i)[]\]] ([\d&&[^0]]+))", R"((?i)(a|b)?+([0-9]++))"}) {
    const Finding finding = of_pattern(regex);
    EXPECT_EQ(finding.report.code, "E237") << regex;
    EXPECT_EQ(finding.severity, Severity::warning) << regex;
  }
}

TEST(MetricPatterns, ThatFindNoNumberAreAWarning) {
  for (const char* regex : {"loss=([0-9.]+)", "(Loss_D): ", "D(x): ([0-9.]+)"}) {
    const Finding finding = of_pattern(regex);
    EXPECT_EQ(finding.report.code, "E231") << regex;
    EXPECT_EQ(finding.severity, Severity::warning);
  }
  EXPECT_THAT(of_pattern("D(x): ([0-9.]+)").report.fix, HasSubstr(R"('\(')"));
}

TEST(MetricPatterns, ThatWouldTakeForEverDoNot) {
  plan::JobPlan plan;
  plan.metric_definitions = {{"loss", "((a*)*)*b(c)"}};
  EXPECT_EQ(only(check_metrics(plan, {std::string(100'000, 'a')})).report.code, "E231");
}

TEST(MetricPatterns, AreTriedOnTheLinesOfTheProgram) {
  plan::JobPlan plan;
  plan.metric_definitions = {{"accuracy", "acc=([0-9.]+)"}};
  EXPECT_EQ(only(check_metrics(plan, {"step 1", "acc=0.5"})).severity, Severity::passed);
}

}  // namespace
}  // namespace smflow::preflight
