#include "request_plan.hpp"

#include "scripted_service.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

namespace smflow::emulator {

namespace {

Json channel(const std::string& uri) {
  return {{"ChannelName", "data"}, {"DataSource", {{"S3DataSource", {{"S3DataType", "S3Prefix"}, {"S3Uri", uri}}}}}};
}

TEST(RequestPlan, TurnsBucketsIntoFolders) {
  const test::TemporaryFolder root;
  root.write("bucket/in/a.txt", "1");
  Json request = create_request();
  request["InputDataConfig"] = Json::array({channel("s3://bucket/in/")});
  request["CheckpointConfig"] = {{"S3Uri", "s3://bucket/check"}};
  request["HyperParameters"] = {{"lr", "0.1"}};
  request["Environment"] = {{"A", "b"}};
  const auto plan = plan_of(request, {.s3_root = root.path(), .code = "/code", .work_directory = "/work"});
  ASSERT_TRUE(plan) << plan.error().message;
  const std::string place = "file://" + root.path().string();
  EXPECT_EQ(plan->channels.at(0).uri, place + "/bucket/in");
  EXPECT_EQ(plan->output_uri, place + "/bucket/out");
  EXPECT_EQ(plan->checkpoint->uri, place + "/bucket/check");
  EXPECT_EQ(plan->checkpoint->local_path, "/opt/ml/checkpoints");
  EXPECT_EQ(plan->hyperparameters.at("lr"), "0.1");
  EXPECT_EQ(plan->environment.at("A"), "b");
  EXPECT_EQ(plan->max_run_time, std::chrono::seconds(3600));
}

TEST(RequestPlan, RefusesChannelsThatSelectNothing) {
  const test::TemporaryFolder root;
  Json request = create_request();
  request["InputDataConfig"] = Json::array({channel("s3://bucket/nothing")});
  EXPECT_EQ(plan_of(request, {.s3_root = root.path(), .code = "/code", .work_directory = "/work"}).error().code,
            "ValidationException");
}

TEST(RequestPlan, RefusesUrisThatLeaveTheirBucket) {
  EXPECT_FALSE(s3_path("s3://bucket/../../etc", "/s3"));
  EXPECT_FALSE(s3_path("https://bucket/a", "/s3"));
  EXPECT_EQ(*s3_path("s3://bucket/a/", "/s3"), "/s3/bucket/a");
}

}  // namespace

}  // namespace smflow::emulator
