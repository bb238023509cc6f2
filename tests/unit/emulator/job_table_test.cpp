#include "job_table.hpp"

#include "scripted_service.hpp"

#include <gtest/gtest.h>

namespace smflow::emulator {

namespace {

class JobTableTest : public testing::Test {
 protected:
  tl::expected<void, ServiceError> create(const std::string& name) {
    plan::JobPlan plan;
    plan.job_name = name;
    plan.metric_definitions = {{"loss", "loss=([0-9.]+)"}};
    return jobs.create(create_request(name), "arn:" + name, {}, plan);
  }
  plan::JobDescription ended(const std::string& name) {
    while (!plan::is_terminal(jobs.find(name)->description.status)) std::this_thread::yield();
    return jobs.find(name)->description;
  }

  ScriptedService service;
  LogStore logs{service.clock};
  JobTable jobs{service, logs, service.clock, {.running = 1}};
};

TEST_F(JobTableTest, FollowsAJobToItsEnd) {
  ASSERT_TRUE(create("one"));
  service.finish("one");
  EXPECT_EQ(ended("one").status, plan::JobStatus::Completed);
  EXPECT_EQ(logs.streams().at(0).name, "one/algo-1-1700000000");
  EXPECT_EQ(jobs.find("one")->metrics.at("loss").value, 0.5);
}

TEST_F(JobTableTest, AJobThatCannotStartFailsWithTheReason) {
  service.refuse = true;
  ASSERT_TRUE(create("one"));
  EXPECT_EQ(ended("one").failure_reason, "ClientError: no such data");
}

TEST_F(JobTableTest, NamesAreUniqueAlsoAgainstEndedJobs) {
  ASSERT_TRUE(create("one"));
  service.finish("one");
  ended("one");
  EXPECT_EQ(create("one").error().code, "ResourceInUse");
}

TEST_F(JobTableTest, RefusesMoreJobsThanMayRun) {
  ASSERT_TRUE(create("one"));
  EXPECT_EQ(create("two").error().code, "ResourceLimitExceeded");
  service.finish("one");
  ended("one");
}

TEST_F(JobTableTest, AsksOnceToStopHoweverOftenItIsAsked) {
  ASSERT_TRUE(create("one"));
  ASSERT_TRUE(jobs.stop("one"));
  EXPECT_EQ(ended("one").status, plan::JobStatus::Stopped);
  EXPECT_EQ(service.stops, 1);
  EXPECT_EQ(jobs.stop("one").error().code, "ValidationException");
}

}  // namespace

}  // namespace smflow::emulator
