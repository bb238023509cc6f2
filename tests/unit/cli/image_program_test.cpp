#include "image_program.hpp"

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
    transport_.answer(200, R"({"Id": "sha256:1", "Config": {"Env": ["SAGEMAKER_PROGRAM=of/image"]}})");
    transport_.answer(201, R"({"Id": "c1"})");
    transport_.answer(200, "a tar");
    transport_.answer(204);
    const auto finding = check_image_program(engine, plan);
    return finding ? finding->report.message : "nothing";
  }

  void SetUp() override {
    plan_.target = plan::Target::sagemaker;
    plan_.image_uri = "gan:1";
  }

  test::FakeTransport transport_;
  plan::JobPlan plan_;
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

}  // namespace
}  // namespace smflow::cli
