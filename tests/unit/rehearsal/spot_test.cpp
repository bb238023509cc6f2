#include "scripted_jobs.hpp"
#include "support/temporary_folder.hpp"
#include "told_steps.hpp"

#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <smflow/base/files.hpp>
#include <smflow/rehearsal/verdict.hpp>

namespace smflow::rehearsal {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr int steps = 40;
constexpr milliseconds pause{5};

// Between two steps. A start that is to be interrupted is not over before that, however late it comes.
bool stopped_after(int done, const ProgramStart& start) {
  const bool to_be_interrupted = start.name == "start-1" || start.name == "start-2";
  return start.stopped_within(to_be_interrupted && done == 10 ? std::chrono::minutes(1) : pause);
}

int saved_step(const ProgramStart& start) {
  const auto text = read_file(start.checkpoints / "step");
  return text ? std::stoi(*text) : 0;
}

// Saves when it is asked to stop.
int good_program(const ProgramStart& start) {
  std::string lines;
  const int saved = saved_step(start);
  for (int step = saved + 1; step <= steps; ++step) {
    const bool stopped = stopped_after(step - saved, start);
    lines += told_steps(step, step);
    static_cast<void>(write_file(start.folder / "output/metrics/metrics.jsonl", lines));
    if (!stopped) continue;
    static_cast<void>(write_file(start.checkpoints / "step", std::to_string(step)));
    return 143;
  }
  static_cast<void>(write_file(start.folder / "model/weights", "trained"));
  return 0;
}

int forgetful_program(const ProgramStart& start) {
  for (int step = 1; step <= steps; ++step) {
    start.log("{\"step\":" + std::to_string(step) + ",\"m\":{\"loss\":1}}");
    if (stopped_after(step, start)) return 143;
  }
  return 0;
}

class Recorder : public RehearsalObserver {
 public:
  void on_start(int number) override { told.push_back("start " + std::to_string(number)); }
  void on_end(const StartFacts& start) override { told.push_back(start.interrupted ? "interrupted" : "ended"); }
  void on_status(const plan::StatusTransition&) override {}
  void on_log(std::string_view, std::string_view, WallTime) override {}
  std::vector<std::string> told;
};

class Spot : public testing::Test {
 protected:
  static plan::JobPlan job() {
    plan::JobPlan plan;
    plan.job_name = "demo";
    plan.channels = {{.name = "config", .uri = "s3://team/exp/configs/demo/config/train"},
                     {.name = "traindata", .uri = "file:///data"}};
    plan.output_uri = "s3://team/exp/outputs";
    plan.record_uri = "s3://team/exp/configs/demo";
    plan.checkpoint = plan::Checkpoint{.uri = "s3://team/exp/checkpoints/demo", .local_path = "/opt/ml/checkpoints"};
    return plan;
  }

  Result<SpotFacts> rehearse(ScriptedJobs& jobs, std::stop_token stop = {}) {
    const auto plan = rehearsed_plan(job(), place);
    return rehearse_spot(*plan, place, {"training.yaml", "A: 1\n"}, options, jobs, observer, std::move(stop));
  }

  test::TemporaryFolder folder;
  fs::path place = folder / "place";
  SpotOptions options{.after = milliseconds(50), .times = 2};
  Recorder observer;
};

TEST_F(Spot, PlanLeavesTheResultsOfTheTeamAlone) {
  const auto plan = rehearsed_plan(job(), "/place");
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->checkpoint->uri, "file:///place/checkpoints");
  EXPECT_EQ(plan->checkpoint->local_path, "/opt/ml/checkpoints");
  EXPECT_EQ(plan->channels[0].uri, "file:///place/config");
  EXPECT_EQ(plan->channels[1].uri, "file:///data");
  EXPECT_EQ(to_json(*plan).dump().find("s3://"), std::string::npos);
}

TEST_F(Spot, PlanGivesNoMoreTimeToSaveThanThePlatform) {
  plan::JobPlan patient = job();
  patient.stop_grace = std::chrono::seconds(600);
  EXPECT_EQ(rehearsed_plan(patient, "/place")->stop_grace, std::chrono::seconds(120));
  patient.stop_grace = std::chrono::seconds(5);
  EXPECT_EQ(rehearsed_plan(patient, "/place")->stop_grace, std::chrono::seconds(5));
}

TEST_F(Spot, PlanRefusesAJobForSageMaker) {
  plan::JobPlan rented = job();
  rented.target = plan::Target::sagemaker;
  rented.instance_type = "ml.g5.xlarge";
  const auto refused = rehearsed_plan(rented, "/place");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "E396");
  EXPECT_THAT(refused.error().message, HasSubstr("ml.g5.xlarge"));
}

TEST_F(Spot, PlanRefusesAJobWithoutCheckpoints) {
  plan::JobPlan careless = job();
  careless.checkpoint.reset();
  const auto refused = rehearsed_plan(careless, "/place");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "E397");
  EXPECT_THAT(refused.error().fix, HasSubstr("CONTAINER.OUTPUT_DIR"));
}

TEST_F(Spot, ProgramThatSavesIsIdentical) {
  ScriptedJobs jobs(folder / "job", good_program);
  const auto facts = rehearse(jobs);
  ASSERT_TRUE(facts) << facts.error().message;
  const Report report = judge(*facts);
  EXPECT_EQ(report.verdict, Verdict::identical) << report.headline;
  ASSERT_EQ(report.interruptions.size(), 2u);
  EXPECT_EQ(report.interruptions[0].resume.lost_steps, 0);
  EXPECT_EQ(report.interruptions[0].hosts.at(0).exit_code, 143);
  EXPECT_EQ(report.interruptions[0].checkpoint_files, 1u);
  EXPECT_GE(report.interruptions[0].after, milliseconds(45));
  EXPECT_EQ(report.curve.points, static_cast<std::size_t>(steps));
  EXPECT_THAT(observer.told,
              ElementsAre("start 0", "ended", "start 1", "interrupted", "start 2", "interrupted", "start 3", "ended"));
}

TEST_F(Spot, StartsShareTheirNameAndCheckpointsOnly) {
  ScriptedJobs jobs(folder / "job", good_program);
  ASSERT_TRUE(rehearse(jobs));
  ASSERT_EQ(jobs.plans.size(), 4u);
  EXPECT_NE(jobs.plans[0].checkpoint->uri, jobs.plans[1].checkpoint->uri);
  EXPECT_EQ(jobs.plans[1].checkpoint->uri, jobs.plans[2].checkpoint->uri);
  EXPECT_NE(jobs.plans[1].output_uri, jobs.plans[2].output_uri);
  EXPECT_EQ(jobs.plans[3].job_name, "demo");
  EXPECT_EQ(test::slurp(place / "config/training.yaml"), "A: 1\n");
}

TEST_F(Spot, OutputsOfInterruptedStartsAreKeptOnRequestOnly) {
  ScriptedJobs jobs(folder / "job", good_program);
  ASSERT_TRUE(rehearse(jobs));
  EXPECT_FALSE(fs::exists(place / "start-1"));
  EXPECT_TRUE(fs::exists(place / "start-3/outputs/model.tar.gz"));
  fs::remove_all(place);
  options.keep = true;
  ASSERT_TRUE(rehearse(jobs));
  EXPECT_TRUE(fs::exists(place / "start-1/outputs/output.tar.gz"));
}

TEST_F(Spot, ProgramThatForgetsIsRestarted) {
  ScriptedJobs jobs(folder / "job", forgetful_program);
  const auto facts = rehearse(jobs);
  ASSERT_TRUE(facts);
  const Report report = judge(*facts);
  EXPECT_EQ(report.verdict, Verdict::restarted);
  EXPECT_EQ(report.interruptions[0].checkpoint_files, 0u);
  EXPECT_FALSE(report.model);
}

TEST_F(Spot, JobThatIsOverBeforeIsNotStartedAgain) {
  options.after = std::chrono::minutes(1);
  ScriptedJobs jobs(folder / "job", good_program);
  const auto facts = rehearse(jobs);
  ASSERT_TRUE(facts);
  EXPECT_TRUE(facts->starts.empty());
  EXPECT_EQ(judge(*facts).verdict, Verdict::not_rehearsed);
}

TEST_F(Spot, EndsWithTheFirstFailure) {
  options.after = milliseconds(150);  // the start that fails is over before
  ScriptedJobs jobs(folder / "job",
                    [](const ProgramStart& start) { return saved_step(start) > 0 ? 3 : good_program(start); });
  const auto facts = rehearse(jobs);
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->starts.size(), 2u);
  EXPECT_EQ(judge(*facts).headline, "the start after interruption 1 failed: exit code 3");
}

TEST_F(Spot, ReferenceThatFailsIsTheEnd) {
  ScriptedJobs jobs(folder / "job", [](const ProgramStart&) { return 7; });
  const auto facts = rehearse(jobs);
  ASSERT_TRUE(facts);
  EXPECT_TRUE(facts->starts.empty());
  EXPECT_EQ(judge(*facts).headline, "the uninterrupted run failed: exit code 7");
}

TEST_F(Spot, JobThatCannotBeStartedIsAnError) {
  ScriptedJobs jobs(folder / "job", good_program);
  jobs.refuse_at = "3";
  const auto refused = rehearse(jobs);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "E109");
}

TEST_F(Spot, StopKillsTheProgram) {
  std::stop_source stop;
  std::jthread killer;
  ScriptedJobs jobs(folder / "job", [&](const ProgramStart& start) {
    killer = std::jthread([&] { stop.request_stop(); });
    return start.stopped_within(std::chrono::minutes(1)) ? 137 : 0;
  });
  const auto stopped = rehearse(jobs, stop.get_token());
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, "E904");
  EXPECT_EQ(jobs.plans.size(), 1u);
}

TEST_F(Spot, StopReachesAJobThatIsBeingSubmitted) {
  std::stop_source stop;
  bool ran = false;
  ScriptedJobs jobs(folder / "job", [&](const ProgramStart&) {
    ran = true;
    return 0;
  });
  jobs.at_submission = [&] { stop.request_stop(); };
  EXPECT_EQ(rehearse(jobs, stop.get_token()).error().code, "E904");
  EXPECT_EQ(jobs.plans.size(), 1u);
  EXPECT_FALSE(ran);
}

TEST_F(Spot, StopBeforeTheStartStartsNothing) {
  std::stop_source stop;
  stop.request_stop();
  ScriptedJobs jobs(folder / "job", good_program);
  EXPECT_EQ(rehearse(jobs, stop.get_token()).error().code, "E904");
  EXPECT_TRUE(jobs.plans.empty());
}

}  // namespace
}  // namespace smflow::rehearsal
