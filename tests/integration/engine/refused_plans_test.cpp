#include "job_fixture.hpp"

#include <gmock/gmock.h>

namespace smflow::engine {

namespace {

struct RefusedPlan {
  const char* name;
  const char* code;
  void (*spoil)(plan::JobPlan&);
  const char* quoted;  // part of the message
};

class RefusedPlans : public EngineJob, public testing::WithParamInterface<RefusedPlan> {};

const RefusedPlan refused_plans[] = {
    {"NoCode", "E103", [](plan::JobPlan& p) { p.local.code = "/nowhere/code"; }, "'/nowhere/code'"},
    {"JobNameWithFolder", "E104", [](plan::JobPlan& p) { p.job_name = "a/b"; }, "'a/b'"},
    {"JobNameThatLeaves", "E104", [](plan::JobPlan& p) { p.job_name = ".."; }, "'..'"},
    {"NoHosts", "E104", [](plan::JobPlan& p) { p.instance_count = 0; }, "not 0"},
    {"TooManyHosts", "E104", [](plan::JobPlan& p) { p.instance_count = 254; }, "not 254"},
    {"ChannelThatLeaves", "E104", [](plan::JobPlan& p) { p.channels[0].name = ".."; }, "'..'"},
    {"ChannelTwice", "E104", [](plan::JobPlan& p) { p.channels.push_back(p.channels[0]); }, "'data'"},
    {"MissingData", "E101", [](plan::JobPlan& p) { p.channels[0].uri = "file:///nowhere"; }, "'/nowhere'"},
    {"DataIsADevice", "E101", [](plan::JobPlan& p) { p.channels[0].uri = "file:///dev/null"; }, "'/dev/null'"},
    {"DataElsewhere", "E152", [](plan::JobPlan& p) { p.channels[0].uri = "s3://bucket/x"; }, "'s3://bucket/x'"},
    {"CheckpointsInTheModel", "E105", [](plan::JobPlan& p) { p.checkpoint->local_path = "/opt/ml/model/x"; }, "model"},
    {"CheckpointsOutside", "E105", [](plan::JobPlan& p) { p.checkpoint->local_path = "/opt/ml/../x"; }, "/opt/ml/../x"},
    {"CheckpointsEverywhere", "E105", [](plan::JobPlan& p) { p.checkpoint->local_path = "/opt/ml/"; }, "/opt/ml"},
    {"WorkDirectoryIsAFile", "E110", [](plan::JobPlan& p) { p.local.work_directory = p.local.code / "job.sh"; },
     "job.sh"},
};

}  // namespace

TEST_P(RefusedPlans, LeaveNothing) {
  plan::JobPlan plan = plan_for("exit 0");
  GetParam().spoil(plan);
  const auto engine = make_engine();
  const auto submitted = engine->submit(plan);
  ASSERT_FALSE(submitted);
  EXPECT_EQ(submitted.error().code, GetParam().code);
  EXPECT_THAT(submitted.error().message, testing::HasSubstr(GetParam().quoted));
  EXPECT_FALSE(engine->describe(plan.job_name));
  EXPECT_THAT(left(), testing::IsEmpty());
  EXPECT_FALSE(std::filesystem::exists(folder_ / "store"));
}

INSTANTIATE_TEST_SUITE_P(Engine, RefusedPlans, testing::ValuesIn(refused_plans),
                         [](const auto& row) { return std::string(row.param.name); });

TEST_F(EngineJob, IsRefusedWithoutAnEntrypoint) {
  if (in_containers()) GTEST_SKIP() << "an image has its own";
  ProcessEngine engine({.entrypoint = folder_ / "train", .clock = &clock_});
  const auto submitted = engine.submit(plan_for("exit 0"));
  ASSERT_FALSE(submitted);
  EXPECT_EQ(submitted.error().code, "E100");
  EXPECT_EQ(submitted.error().exit, ExitCode::machine);
}

}  // namespace smflow::engine
