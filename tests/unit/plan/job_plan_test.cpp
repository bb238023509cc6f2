#include <gtest/gtest.h>

#include <smflow/plan/job_plan.hpp>

namespace smflow::plan {
namespace {

TEST(JobPlanJson, KeepsSecretsOfTheEnvironmentOut) {
  JobPlan plan;
  plan.environment = {{"API_TOKEN", "abc"}, {"NOTE", "key AKIAIOSFODNN7EXAMPLE here"}, {"LR", "0.1"}};
  const std::string text = to_json(plan).dump();
  EXPECT_EQ(text.find("abc"), std::string::npos);
  EXPECT_EQ(text.find("AKIA"), std::string::npos);
  EXPECT_NE(text.find("\"LR\":\"0.1\""), std::string::npos);
}

TEST(JobPlanJson, SaysHowALocalJobRunsAndLeavesItOutForThePlatform) {
  JobPlan plan;
  plan.target = Target::local;
  EXPECT_TRUE(to_json(plan).contains("local"));
  plan.target = Target::sagemaker;
  EXPECT_FALSE(to_json(plan).contains("local"));
}

}  // namespace
}  // namespace smflow::plan
