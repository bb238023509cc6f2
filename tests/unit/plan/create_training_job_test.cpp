#include <gtest/gtest.h>

#include <smflow/plan/create_training_job.hpp>

namespace smflow::plan {
namespace {

const Caller caller{.account = "123456789012", .region = "eu-west-1"};

JobPlan small_plan() {
  JobPlan plan;
  plan.job_name = "gan-1";
  plan.image_uri = "gan:1";
  plan.instance_type = "ml.g5.xlarge";
  plan.output_uri = "s3://b/out";
  return plan;
}

TEST(CreateTrainingJob, SendsOnlyWhatIsSet) {
  const OrderedJson json = create_training_job_request(small_plan(), caller, {});
  for (const char* absent : {"VpcConfig", "Tags", "RetryStrategy", "EnableManagedSpotTraining", "CheckpointConfig",
                             "InputDataConfig", "Environment", "HyperParameters", "RemoteDebugConfig"}) {
    EXPECT_FALSE(json.contains(absent)) << absent;
  }
  EXPECT_EQ(json["ResourceConfig"].size(), 3u) << json.dump();
}

TEST(CreateTrainingJob, CompletesTheImageWithAccountRegionAndTheSuffixOfThePartition) {
  JobPlan plan = small_plan();
  EXPECT_EQ(full_image_uri(plan, caller), "123456789012.dkr.ecr.eu-west-1.amazonaws.com/gan:1");
  plan.platform.ecr_account = "210987654321";
  plan.platform.region = "cn-north-1";
  EXPECT_EQ(full_image_uri(plan, {"1", "x", "aws-cn"}), "210987654321.dkr.ecr.cn-north-1.amazonaws.com.cn/gan:1");
  plan.platform.image_is_full_uri = true;
  EXPECT_EQ(full_image_uri(plan, caller), "gan:1");
}

TEST(CreateTrainingJob, SendsEveryOptionOfThePlatform) {
  JobPlan plan = small_plan();
  plan.max_wait_time = std::chrono::seconds(90000);
  plan.spot = true;
  plan.program = "main";
  plan.channels = {{"traindata", "s3://b/d/", InputMode::Pipe, "", DataDistribution::ShardedByS3Key}};
  plan.platform.subnets = {"subnet-1"};
  plan.platform.security_group_ids = {"sg-1"};
  plan.platform.max_retry_attempts = 3;
  plan.platform.compress_output = false;
  plan.platform.output_kms_key = "key";
  plan.platform.tags = {{"team", "x"}};
  const OrderedJson json = create_training_job_request(plan, caller, {.who = "ann", .commit = {}, .experiment = "e"});
  EXPECT_EQ(json["StoppingCondition"]["MaxWaitTimeInSeconds"], 90000);
  EXPECT_EQ(json["Environment"]["SAGEMAKER_PROGRAM"], "main");
  EXPECT_EQ(json["InputDataConfig"][0]["InputMode"], "Pipe");
  EXPECT_EQ(json["InputDataConfig"][0]["DataSource"]["S3DataSource"]["S3DataDistributionType"], "ShardedByS3Key");
  EXPECT_EQ(json["VpcConfig"]["SecurityGroupIds"][0], "sg-1");
  EXPECT_EQ(json["RetryStrategy"]["MaximumRetryAttempts"], 3);
  EXPECT_EQ(json["OutputDataConfig"].dump(),
            R"({"S3OutputPath":"s3://b/out","KmsKeyId":"key","CompressionType":"NONE"})");
  EXPECT_EQ(json["Tags"].size(), 3u);
}

TEST(CreateTrainingJob, MakesItsOwnTagsLegal) {
  const OrderedJson json = create_training_job_request(
      small_plan(), caller, {.who = "Ann O'Neil", .commit = std::string(300, 'c'), .experiment = {}});
  EXPECT_EQ(json["Tags"].size(), 2u);
  EXPECT_EQ(json["Tags"][0]["Value"].get<std::string>().size(), 256u);
  EXPECT_EQ(json["Tags"][1]["Value"], "Ann O_Neil");
}

TEST(CreateTrainingJob, ShowsNoSecrets) {
  JobPlan plan = small_plan();
  plan.environment = {{"WANDB_API_KEY", "plain"}, {"NOTE", "AKIAIOSFODNN7EXAMPLE"}, {"EPOCHS", "3"}};
  const OrderedJson shown = redacted_request(create_training_job_request(plan, caller, {}));
  EXPECT_EQ(shown["Environment"]["WANDB_API_KEY"], "[redacted:name]");
  EXPECT_EQ(shown["Environment"]["EPOCHS"], "3");
  EXPECT_EQ(shown.dump().find("AKIA"), std::string::npos);
}

}  // namespace
}  // namespace smflow::plan
