#include "spot_facts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace smflow::rehearsal {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(Verdict, IsIdenticalWhenEverythingIs) {
  const Report report = judge(facts_of({interrupted(told_steps(1, 8)), completed(told_steps(9, 20))}));
  EXPECT_EQ(report.verdict, Verdict::identical);
  EXPECT_EQ(exit_code(report.verdict), ExitCode::success);
  EXPECT_THAT(report.notes, IsEmpty());
  EXPECT_EQ(report.curve.points, 20u);
  EXPECT_EQ(report.steps, 20);
  EXPECT_EQ(report.training, milliseconds(80'200));
  ASSERT_EQ(report.interruptions.size(), 1u);
  const Interruption& one = report.interruptions.front();
  EXPECT_EQ(one.after, seconds(20));
  EXPECT_EQ(one.stopping, milliseconds(200));
  EXPECT_EQ(one.step, 8);
  EXPECT_EQ(one.epoch, 1);
  EXPECT_FALSE(one.killed);
  EXPECT_EQ(one.resume.way, Way::step);
  EXPECT_EQ(one.resume.at, 8);
  EXPECT_EQ(one.resume.lost_steps, 0);
  EXPECT_TRUE(one.resume.lost_is_exact);
}

TEST(Verdict, CountsWorkThatWasDoneTwice) {
  const Report report =
      judge(facts_of({interrupted(told_steps(1, 8)), interrupted(told_steps(6, 15)), completed(told_steps(11, 20))}));
  EXPECT_EQ(report.verdict, Verdict::identical);
  EXPECT_EQ(report.interruptions[0].resume.lost_steps, 3);
  EXPECT_EQ(report.interruptions[1].resume.lost_steps, 5);
  EXPECT_EQ(report.interruptions[1].resume.at, 10);
}

TEST(Verdict, IsNotResumedForAProgramThatBeginsAgain) {
  const Report report = judge(facts_of({interrupted(told_steps(1, 8)), completed(told_steps(1, 20))}));
  EXPECT_EQ(report.verdict, Verdict::restarted);
  EXPECT_EQ(exit_code(report.verdict), ExitCode::job_failed);
  EXPECT_THAT(report.headline, HasSubstr("after interruption 1"));
  EXPECT_THAT(report.headline, HasSubstr("8 steps"));
}

TEST(Verdict, SaysWhenNoCheckpointWasThere) {
  SpotFacts facts = facts_of({interrupted(told_steps(1, 8)), completed(told_steps(1, 20))});
  facts.starts[0].checkpoint_files = 0;
  EXPECT_THAT(judge(facts).notes, ElementsAre(HasSubstr("nothing in '/opt/ml/checkpoints'")));
}

TEST(Verdict, SaysWhenTheProgramWasKilled) {
  const Report report =
      judge(facts_of({interrupted(told_steps(1, 8), 137, seconds(120)), completed(told_steps(6, 20))}));
  EXPECT_EQ(report.verdict, Verdict::identical);
  EXPECT_TRUE(report.interruptions[0].killed);
  EXPECT_THAT(report.notes, ElementsAre(HasSubstr("did not end within 2 min 00 s of SIGTERM and was killed")));
}

TEST(Verdict, TellsAnotherSigkillFromTheEndOfTheGrace) {
  const Report report = judge(facts_of({interrupted(told_steps(1, 8), 137), completed(told_steps(9, 20))}));
  EXPECT_FALSE(report.interruptions[0].killed);
}

TEST(Verdict, IsResumedWhenTheModelIsAnother) {
  SpotFacts facts = facts_of({interrupted(told_steps(1, 8)), completed(told_steps(9, 20, 1, 0.5))});
  facts.model->differences.push_back({.path = "g.safetensors"});
  const Report report = judge(facts);
  EXPECT_EQ(report.verdict, Verdict::resumed);
  EXPECT_EQ(exit_code(report.verdict), ExitCode::success);
  EXPECT_EQ(report.curve.first->step, 9);
  EXPECT_THAT(report.notes, ElementsAre(HasSubstr("up to step 8, and differs from then on: the checkpoint")));
}

TEST(Verdict, DoesNotBlameTheResumeForAProgramThatIsNeverTheSame) {
  SpotFacts facts = facts_of({interrupted(told_steps(1, 8, 1, 0.1)), completed(told_steps(9, 20, 1, 0.2))});
  facts.model->differences.push_back({.path = "g.safetensors"});
  EXPECT_THAT(judge(facts).notes, ElementsAre(HasSubstr("differs at step 1, before any interruption")));
}

TEST(Verdict, IsResumedAtBestWithoutAModel) {
  SpotFacts facts = facts_of({interrupted(told_steps(1, 8)), completed(told_steps(9, 20))});
  facts.model.reset();
  const Report report = judge(facts);
  EXPECT_EQ(report.verdict, Verdict::resumed);
  EXPECT_THAT(report.notes, ElementsAre(HasSubstr("/opt/ml/model")));
}

TEST(Verdict, IsFailedWhenTheReferenceFails) {
  SpotFacts facts = facts_of({});
  facts.reference.job.status = plan::JobStatus::Failed;
  facts.reference.job.failure_reason = "no such data";
  const Report report = judge(facts);
  EXPECT_EQ(report.verdict, Verdict::failed);
  EXPECT_EQ(exit_code(report.verdict), ExitCode::job_failed);
  EXPECT_EQ(report.headline, "the uninterrupted run failed: no such data");
}

TEST(Verdict, IsFailedWhenTheProgramDoesNotStartAgain) {
  SpotFacts facts = facts_of({interrupted(told_steps(1, 8)), completed("")});
  facts.starts[1].job = job_that(plan::JobStatus::Failed, seconds(1));
  facts.starts[1].job.failure_reason = "damaged checkpoint";
  const Report report = judge(facts);
  EXPECT_EQ(report.verdict, Verdict::failed);
  EXPECT_EQ(report.headline, "the start after interruption 1 failed: damaged checkpoint");
}

TEST(Verdict, IsFailedWhenTheTimeOfTheJobIsOver) {
  SpotFacts facts = facts_of({interrupted(told_steps(1, 8)), completed(told_steps(9, 12))});
  facts.starts[1].job = job_that(plan::JobStatus::Stopped, seconds(100));
  facts.starts[1].job.secondary_status = "MaxRuntimeExceeded";
  EXPECT_THAT(judge(facts).headline, HasSubstr("failed: MaxRuntimeExceeded"));
}

TEST(Verdict, IsThatNothingWasRehearsedWhenTheJobIsOverBefore) {
  for (SpotFacts facts : {facts_of({}), facts_of({completed(told_steps(1, 20))})}) {
    facts.times = 3;
    facts.after = seconds(90);
    const Report report = judge(facts);
    EXPECT_EQ(report.verdict, Verdict::not_rehearsed);
    EXPECT_EQ(exit_code(report.verdict), ExitCode::usage);
    EXPECT_EQ(report.headline, "the job ended after 1 min 00 s, before the first interruption at 1 min 30 s");
    EXPECT_THAT(report.notes, ElementsAre("take a shorter --after, like --after 20s"));
  }
}

TEST(Verdict, IsThatNothingWasRehearsedBeforeTheFirstStep) {
  const Report report = judge(facts_of({interrupted(""), completed(told_steps(1, 20))}));
  EXPECT_EQ(report.verdict, Verdict::not_rehearsed);
  EXPECT_THAT(report.notes, ElementsAre("take a longer --after"));
}

TEST(Verdict, SaysHowManyInterruptionsThereWere) {
  SpotFacts facts = facts_of({interrupted(told_steps(1, 8)), completed(told_steps(9, 20))});
  facts.times = 3;
  EXPECT_THAT(judge(facts).notes, ElementsAre(HasSubstr("over after 1 of 3 interruptions")));
}

TEST(Verdict, IsUntoldWithoutSteps) {
  const Report report = judge(facts_of({interrupted(""), completed("")}, ""));
  EXPECT_EQ(report.verdict, Verdict::untold);
  EXPECT_EQ(report.headline, "the program does not tell its steps");
  EXPECT_EQ(exit_code(report.verdict), ExitCode::job_failed);
  EXPECT_THAT(report.notes.front(), HasSubstr("let it print lines like"));
}

TEST(Verdict, KnowsANewStartAfterOneThatToldNothing) {
  const Report resumed =
      judge(facts_of({interrupted(told_steps(1, 8)), interrupted(""), completed(told_steps(9, 20))}));
  EXPECT_EQ(resumed.verdict, Verdict::identical);
  EXPECT_EQ(resumed.interruptions[0].resume.way, Way::untold);
  EXPECT_EQ(resumed.interruptions[1].resume.at, 8);
  const Report restarted =
      judge(facts_of({interrupted(told_steps(1, 8)), interrupted(""), completed(told_steps(1, 20))}));
  EXPECT_EQ(restarted.verdict, Verdict::restarted);
}

TEST(Verdict, AcceptsThatNothingWasLeftToDo) {
  const Report report = judge(facts_of({interrupted(told_steps(1, 20)), completed("")}));
  EXPECT_EQ(report.verdict, Verdict::identical);
  EXPECT_EQ(report.interruptions[0].resume.way, Way::nothing_left);
}

// A program that tells every tenth step only.
class SparseSteps : public testing::Test {
 protected:
  Interruption interruption(const std::string& before, const std::string& after) {
    return judge(facts_of({interrupted(before), completed(after)}, told_steps(10, 100, 10))).interruptions.at(0);
  }
};

TEST_F(SparseSteps, BoundWhereItWentOn) {
  const Interruption one = interruption(told_steps(10, 50, 10), told_steps(40, 100, 10));
  EXPECT_EQ(one.resume.way, Way::step);
  EXPECT_FALSE(one.resume.at);
  EXPECT_EQ(one.resume.next_step, 40);
  EXPECT_EQ(one.resume.lost_steps, 11);
  EXPECT_FALSE(one.resume.lost_is_exact);
}

TEST_F(SparseSteps, AreExactWithEvents) {
  const Interruption one = interruption(told_steps(10, 50, 10) + told_event("checkpoint", 57),
                                        told_event("resume", 57) + told_steps(60, 100, 10));
  EXPECT_EQ(one.step, 57);
  EXPECT_EQ(one.resume.at, 57);
  EXPECT_EQ(one.resume.lost_steps, 0);
  EXPECT_TRUE(one.resume.lost_is_exact);
}

TEST_F(SparseSteps, AreALowerBoundOfALossWhenNothingWasSaved) {
  const Interruption one = interruption(told_steps(10, 50, 10), told_event("resume", 20) + told_steps(30, 100, 10));
  EXPECT_EQ(one.resume.lost_steps, 30);
  EXPECT_FALSE(one.resume.lost_is_exact);
}

TEST_F(SparseSteps, DoNotTellANewStartFromAnEarlyStep) {
  EXPECT_EQ(interruption(told_steps(10, 10), told_steps(10, 100, 10)).resume.way, Way::untold);
  EXPECT_EQ(interruption(told_steps(10, 50, 10), told_steps(10, 100, 10)).resume.way, Way::start);
  EXPECT_EQ(interruption(told_steps(10, 50, 10), told_event("resume", 0) + told_steps(10, 100, 10)).resume.way,
            Way::start);
}

}  // namespace
}  // namespace smflow::rehearsal
