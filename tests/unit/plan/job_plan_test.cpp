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

TEST(JobPlanJson, ShowsTheOptionsOfThePlatformForAJobThere) {
  JobPlan plan;
  plan.target = Target::sagemaker;
  plan.platform.region = "eu-west-1";
  plan.platform.keep_alive = std::chrono::seconds(60);
  plan.platform.tags = {{"team", "gan"}, {"note", "AKIAIOSFODNN7EXAMPLE"}};
  plan.channels = {{"traindata", "s3://b/d", InputMode::FastFile, "", DataDistribution::ShardedByS3Key}};
  const OrderedJson json = to_json(plan);
  EXPECT_EQ(json["volume_size_gb"], 30);
  EXPECT_EQ(json["platform"]["region"], "eu-west-1");
  EXPECT_EQ(json["platform"]["keep_alive_s"], 60);
  EXPECT_EQ(json["platform"]["tags"]["team"], "gan");
  EXPECT_EQ(json.dump().find("AKIA"), std::string::npos);
  EXPECT_EQ(json["channels"][0]["distribution"], "ShardedByS3Key");
  plan.target = Target::local;
  EXPECT_FALSE(to_json(plan).contains("platform"));
}

}  // namespace
}  // namespace smflow::plan
