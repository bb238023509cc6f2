#include "local_image_check.hpp"

#include "support/fake_transport.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace smflow::cli {
namespace {

using testing::HasSubstr;

// An image whose environment names "of/image", on an engine that has every file.
class ImageProgram : public testing::Test {
 protected:
  std::string looked_for(const plan::JobPlan& plan) {
    transport_.answer(200, "OK", {{"Api-Version", "1.41"}});
    transport_.answer(200, "{}");
    const auto engine = docker::Engine::connect({.url = "http://engine", .shown = "unix:///s"}, transport_).value();
    transport_.answer(200, R"({"Id": "sha256:1", "Config": {"Env": ["SAGEMAKER_PROGRAM=of/image"],
                               "Labels": {"smflow.config_schema": "sha256:of-image"}}})");
    transport_.answer(201, R"({"Id": "c1"})");
    transport_.answer(200, "a tar");
    transport_.answer(204);
    findings_ = check_local_image(engine, plan);
    return findings_.empty() ? "nothing" : findings_.front().report.message;
  }

  void SetUp() override {
    plan_.target = plan::Target::sagemaker;
    plan_.image_uri = "gan:1";
  }

  test::FakeTransport transport_;
  plan::JobPlan plan_;
  preflight::Findings findings_;
};

TEST_F(ImageProgram, IsWhatTheImageNames) {
  EXPECT_THAT(looked_for(plan_), HasSubstr("of/image is in"));
}

TEST_F(ImageProgram, IsRatherWhatTheEnvironmentOfTheJobNames) {
  plan_.environment = {{"SAGEMAKER_PROGRAM", "of/job"}};
  EXPECT_THAT(looked_for(plan_), HasSubstr("of/job is in"));
}

TEST_F(ImageProgram, IsAboveAllWhatThePlanNames) {
  plan_.environment = {{"SAGEMAKER_PROGRAM", "of/job"}};
  plan_.program = "of/plan";
  EXPECT_THAT(looked_for(plan_), HasSubstr("of/plan is in"));
}

TEST_F(ImageProgram, ComesWithTheSchemaOfItsConfig) {
  looked_for(plan_);
  EXPECT_EQ(findings_.size(), 1u);
  plan_.config_schema = "sha256:of-image";
  looked_for(plan_);
  ASSERT_EQ(findings_.size(), 2u);
  EXPECT_EQ(findings_.back().severity, preflight::Severity::passed);
  plan_.config_schema = "sha256:of-code";
  looked_for(plan_);
  ASSERT_EQ(findings_.size(), 2u);
  EXPECT_EQ(findings_.back().report.code, "E238");
  EXPECT_THAT(findings_.back().report.message, HasSubstr("'gan:1'"));
}

}  // namespace
}  // namespace smflow::cli
