#include "scripted_logs.hpp"
#include "scripted_training.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <smflow/sagemaker/sagemaker_service.hpp>

namespace smflow::sagemaker {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using Kind = aws::AwsError::Kind;

aws::AwsError fault(Kind kind, int attempts = 1) {
  return {.kind = kind, .service = "sagemaker", .operation = "AnOperation", .message = "no", .attempts = attempts};
}

class Recorder : public plan::JobObserver {
 public:
  void on_status(const plan::StatusTransition& transition) override {
    events.push_back(transition.status + (transition.message.empty() ? "" : ": " + transition.message));
  }
  void on_log(std::string_view host, std::string_view line, WallTime time) override {
    events.push_back(std::string(host) + " | " + std::string(line));
    times.push_back(time);
  }
  void on_notice(std::string_view text) override { notices.emplace_back(text); }

  std::vector<std::string> events;
  std::vector<WallTime> times;  // of the lines
  std::vector<std::string> notices;
};

class SageMakerServiceTest : public testing::Test {
 protected:
  SageMakerService service(FollowOptions options = {}) {
    return SageMakerService(
        {.training = training_,
         .logs = logs_,
         .clock = clock_,
         .sleep = [this](std::chrono::milliseconds duration, std::stop_token) { return sleep(duration); },
         .detach = detach_.get_token()},
        std::move(options), {.account = "111122223333", .region = "eu-west-1"});
  }

  // The world goes on while the service sleeps: what is due in that time happens in its order.
  bool sleep(std::chrono::milliseconds duration) {
    const WallTime end = clock_.now() + duration;
    while (!due_.empty() && due_.begin()->first <= end) {
      clock_.advance(due_.begin()->first - clock_.now());
      const auto happens = std::move(due_.begin()->second);
      due_.erase(due_.begin());
      happens();
    }
    clock_.advance(end - clock_.now());
    return true;
  }
  void after(std::chrono::seconds delay, std::function<void()> happens) {
    due_.emplace(begin_ + delay, std::move(happens));
  }
  void writes(std::chrono::seconds delay, const std::string& stream, const std::string& line) {
    after(delay, [this, delay, stream, line] { logs_.write(stream, delay.count() * 1000, line); });
  }
  void runs_for_a_minute() {
    training_.at(0s, "InProgress", "Starting", "Starting the training job");
    training_.at(20s, "InProgress", "Training", "Training image download completed.");
    training_.at(60s, "Completed", "Completed", "Training job completed");
    writes(25s, "job/algo-1-1", "hello");
  }

  plan::JobPlan plan() {
    plan::JobPlan plan;
    plan.job_name = "job";
    plan.target = plan::Target::sagemaker;
    plan.image_uri = "gan:1";
    plan.role_arn = "arn:aws:iam::111122223333:role/train";
    plan.instance_type = "ml.c5.xlarge";
    plan.hyperparameters = {{"train_cfg_filename", "training.yaml"}};
    plan.channels = {{.name = "config", .uri = "s3://bucket/gan/configs/job/config/train/"}};
    plan.output_uri = "s3://bucket/gan/output";
    return plan;
  }

  test::FakeClock clock_;
  const WallTime begin_ = clock_.now();
  ScriptedTraining training_{clock_};
  ScriptedLogs logs_{clock_};
  std::stop_source detach_;
  std::multimap<WallTime, std::function<void()>> due_;
  Recorder seen_;
};

TEST_F(SageMakerServiceTest, SendsTheRequestOfThePlan) {
  ASSERT_TRUE(service().submit(plan()));
  ASSERT_EQ(training_.created.size(), 1u);
  EXPECT_EQ(training_.created[0]["TrainingJobName"], "job");
  EXPECT_EQ(training_.created[0]["AlgorithmSpecification"]["TrainingImage"],
            "111122223333.dkr.ecr.eu-west-1.amazonaws.com/gan:1");
}

TEST_F(SageMakerServiceTest, FindsItsOwnJobWhenTheAnswerWasLostAndTheNextSaysInUse) {
  training_.exists = false;
  training_.create_faults = {fault(Kind::conflict, 2)};
  training_.faulty_create_is_carried_out = true;
  EXPECT_TRUE(service().submit(plan()));
  EXPECT_EQ(training_.created.size(), 1u);
}

TEST_F(SageMakerServiceTest, FindsItsOwnJobWhenNoAnswerCameAtAll) {
  training_.exists = false;
  training_.create_faults = {fault(Kind::network, 3)};
  training_.faulty_create_is_carried_out = true;
  EXPECT_TRUE(service().submit(plan()));
}

TEST_F(SageMakerServiceTest, FindsItsOwnJobWhateverTheLastAttemptWasRefusedFor) {
  // The own job may hold the quota that the next attempt is refused for.
  for (const Kind kind : {Kind::quota, Kind::throttled, Kind::access_denied, Kind::rejected, Kind::invalid}) {
    training_.exists = false;
    training_.create_faults = {fault(kind, 2)};
    training_.faulty_create_is_carried_out = true;
    EXPECT_TRUE(service().submit(plan())) << static_cast<int>(kind);
  }
}

TEST_F(SageMakerServiceTest, FindsItsOwnJobWhenNoCredentialsWereLeftForAnotherAttempt) {
  training_.exists = false;
  training_.create_faults = {fault(Kind::credentials, 1)};
  training_.faulty_create_is_carried_out = true;
  EXPECT_TRUE(service().submit(plan()));
}

TEST_F(SageMakerServiceTest, FindsAJobThatWasStillOnItsWay) {
  training_.exists = false;
  training_.create_faults = {fault(Kind::network, 3)};
  after(2s, [this] {
    training_.exists = true;
    training_.document = training_.created[0];
  });
  EXPECT_TRUE(service().submit(plan()));
}

TEST_F(SageMakerServiceTest, DoesNotTakeAnotherJobOfTheNameForItsOwn) {
  training_.document = {{"RoleArn", plan().role_arn},
                        {"InputDataConfig", Json::array()},
                        {"HyperParameters", {{"train_cfg_filename", "training.yaml"}}}};
  training_.create_faults = {fault(Kind::conflict, 2)};
  const auto submitted = service().submit(plan());
  ASSERT_FALSE(submitted);
  EXPECT_EQ(submitted.error().code, "E144");
  EXPECT_EQ(submitted.error().exit, ExitCode::conflict);
}

TEST_F(SageMakerServiceTest, AnAnswerToTheFirstAttemptIsBelieved) {
  training_.create_faults = {fault(Kind::conflict, 1)};
  EXPECT_EQ(service().submit(plan()).error().code, "E144");
  EXPECT_EQ(training_.described, 0);
}

TEST_F(SageMakerServiceTest, SaysThatAJobWasNotAcceptedWhenItIsNotThere) {
  training_.exists = false;
  training_.create_faults = {fault(Kind::network, 3)};
  EXPECT_EQ(service().submit(plan()).error().code, "E429");
}

TEST_F(SageMakerServiceTest, SaysThatNobodyKnowsWhenDescribingFailsToo) {
  training_.create_faults = {fault(Kind::service, 3)};
  training_.describe_faults = {fault(Kind::service)};
  const auto submitted = service().submit(plan());
  ASSERT_FALSE(submitted);
  EXPECT_EQ(submitted.error().code, "E146");
  EXPECT_THAT(submitted.error().fix, HasSubstr("smflow status job"));
}

TEST_F(SageMakerServiceTest, ARefusalIsNotLookedInto) {
  training_.create_faults = {fault(Kind::invalid)};
  EXPECT_EQ(service().submit(plan()).error().code, "E427");
  EXPECT_EQ(training_.described, 0);
}

TEST_F(SageMakerServiceTest, ReportsTransitionsAndLinesAndTheEndLast) {
  runs_for_a_minute();
  writes(70s, "job/algo-1-1", "late");
  const auto job = service().follow("job", seen_);
  ASSERT_TRUE(job);
  EXPECT_EQ(job->status, plan::JobStatus::Completed);
  EXPECT_THAT(seen_.events,
              ElementsAre("Starting: Starting the training job", "Training: Training image download completed.",
                          "algo-1 | hello", "algo-1 | late", "Completed: Training job completed"));
  EXPECT_THAT(seen_.notices, IsEmpty());
}

TEST_F(SageMakerServiceTest, DoesNotWaitForLinesOfAJobThatEndedLongAgo) {
  runs_for_a_minute();
  sleep(1h);
  const WallTime begin = clock_.now();
  ASSERT_TRUE(service().follow("job", seen_));
  EXPECT_THAT(seen_.events, Contains("algo-1 | hello"));
  EXPECT_LT(clock_.now() - begin, 2s);
}

TEST_F(SageMakerServiceTest, WaitsForLinesOfAJobThatHasJustEnded) {
  runs_for_a_minute();
  writes(70s, "job/algo-1-1", "late");
  sleep(65s);
  ASSERT_TRUE(service().follow("job", seen_));
  EXPECT_THAT(seen_.events, Contains("algo-1 | late"));
}

TEST_F(SageMakerServiceTest, ReportsANewMessageOfAStatus) {
  training_.at(0s, "InProgress", "Training", "Downloading the training image");
  training_.at(30s, "InProgress", "Training", "Training in-progress");
  training_.at(60s, "Stopped", "Stopped");
  ASSERT_TRUE(service().follow("job", seen_));
  EXPECT_THAT(seen_.events,
              ElementsAre("Training: Downloading the training image", "Training: Training in-progress", "Stopped"));
}

TEST_F(SageMakerServiceTest, FollowsASpotJobThroughItsInterruption) {
  training_.at(0s, "InProgress", "Starting");
  training_.at(20s, "InProgress", "Training");
  training_.at(60s, "InProgress", "Interrupted");
  training_.at(80s, "InProgress", "Starting");
  training_.at(120s, "InProgress", "Training");
  training_.at(180s, "Completed", "Completed");
  writes(30s, "job/algo-1-30", "first start");
  writes(130s, "job/algo-1-130", "second start");
  ASSERT_TRUE(service().follow("job", seen_));
  EXPECT_THAT(seen_.events, ElementsAre("Starting", "Training", "algo-1 | first start", "Interrupted", "Starting",
                                        "Training", "algo-1 | second start", "Completed"));
}

TEST_F(SageMakerServiceTest, StoppingIsNotTheEnd) {
  training_.at(0s, "InProgress", "Training");
  training_.at(30s, "Stopping", "Stopping");
  training_.at(90s, "Stopped", "MaxRuntimeExceeded");
  writes(80s, "job/algo-1-1", "saved");
  const auto job = service().follow("job", seen_);
  ASSERT_TRUE(job);
  EXPECT_EQ(job->secondary_status, "MaxRuntimeExceeded");
  EXPECT_THAT(seen_.events, ElementsAre("Training", "Stopping", "algo-1 | saved", "MaxRuntimeExceeded"));
}

TEST_F(SageMakerServiceTest, AJobThatIsBeingDeletedHasEnded) {
  training_.at(0s, "Completed", "Completed");
  training_.at(1s, "Deleting", "Deleting");
  sleep(1min);
  const auto job = service().follow("job", seen_);
  ASSERT_TRUE(job);
  EXPECT_EQ(job->status, plan::JobStatus::Deleting);
  EXPECT_THAT(seen_.events, ElementsAre("Completed", "Deleting"));
}

TEST_F(SageMakerServiceTest, AWordOfLaterYearsIsNotTheEnd) {
  training_.at(0s, "Rethinking", "Pondering");
  training_.at(40s, "Completed", "Completed");
  ASSERT_TRUE(service().follow("job", seen_));
  EXPECT_THAT(seen_.events, ElementsAre("Pondering", "Completed"));
}

TEST_F(SageMakerServiceTest, WaitsOutFaultsThatPassAndSaysSoOnce) {
  for (const Kind kind : {Kind::network, Kind::throttled, Kind::service, Kind::credentials, Kind::access_denied}) {
    SCOPED_TRACE(static_cast<int>(kind));
    training_.describe_faults = {fault(kind), fault(kind), fault(kind)};
    Recorder seen;
    training_.at(std::chrono::duration_cast<std::chrono::seconds>(clock_.now() - begin_) + 100s, "Completed",
                 "Completed");
    ASSERT_TRUE(service().follow("job", seen));
    EXPECT_THAT(seen.notices, ElementsAre(HasSubstr("will ask again"), "SageMaker answers again"));
  }
}

TEST_F(SageMakerServiceTest, GivesUpWhenNothingAnswersForTooLong) {
  training_.describe_faults.assign(1000, fault(Kind::network));
  const auto job = service().follow("job", seen_);
  ASSERT_FALSE(job);
  EXPECT_EQ(job.error().code, "E429");
  EXPECT_GE(clock_.now() - begin_, 15min);
  EXPECT_LT(clock_.now() - begin_, 20min);
}

TEST_F(SageMakerServiceTest, AnUnknownJobIsNotWaitedFor) {
  training_.exists = false;
  const auto job = service().follow("job", seen_);
  ASSERT_FALSE(job);
  EXPECT_EQ(job.error().code, "E145");
  EXPECT_EQ(job.error().exit, ExitCode::not_found);
}

TEST_F(SageMakerServiceTest, LogsThatMayNotBeReadDoNotEndTheFollowing) {
  runs_for_a_minute();
  logs_.fault = [] { return fault(Kind::invalid); };
  ASSERT_TRUE(service().follow("job", seen_));
  EXPECT_THAT(seen_.events, Contains("Completed: Training job completed"));
  EXPECT_THAT(seen_.notices, ElementsAre(HasSubstr("the logs are not shown")));
}

TEST_F(SageMakerServiceTest, NoLineIsLostWhileLogsFail) {
  runs_for_a_minute();
  int call = 0;
  logs_.fault = [&]() -> std::optional<aws::AwsError> {
    if (++call % 2 == 0) return fault(Kind::throttled);
    return std::nullopt;
  };
  for (int i = 26; i < 56; ++i) writes(std::chrono::seconds(i), "job/algo-1-1", std::to_string(i));
  ASSERT_TRUE(service().follow("job", seen_));
  std::vector<std::string> lines;
  for (const std::string& event : seen_.events) {
    if (event.starts_with("algo-1")) lines.push_back(event);
  }
  ASSERT_EQ(lines.size(), 31u);
  EXPECT_EQ(lines.back(), "algo-1 | 55");
}

TEST_F(SageMakerServiceTest, DetachingLeavesTheJobAlone) {
  runs_for_a_minute();
  after(30s, [this] { detach_.request_stop(); });
  const auto job = service().follow("job", seen_);
  ASSERT_FALSE(job);
  EXPECT_EQ(job.error().code, "E432");
  EXPECT_EQ(training_.stopped, 0);
}

TEST_F(SageMakerServiceTest, AsksAtMostFiveTimesASecond) {
  runs_for_a_minute();
  for (int host = 1; host <= 16; ++host) {
    writes(21s, "job/algo-" + std::to_string(host) + "-21", "hello");
  }
  ASSERT_TRUE(service().follow("job", seen_));
  EXPECT_FALSE(exceeds_rate(logs_.calls, 5));
}

TEST_F(SageMakerServiceTest, WithoutLogsItDoesNotAskForThem) {
  runs_for_a_minute();
  ASSERT_TRUE(service({.with_logs = false}).follow("job", seen_));
  EXPECT_THAT(logs_.calls, IsEmpty());
  EXPECT_THAT(seen_.events, Not(Contains("algo-1 | hello")));
}

TEST_F(SageMakerServiceTest, ReadsTheLinesThatAreThere) {
  training_.at(0s, "InProgress", "Training");
  logs_.write("job/algo-1-1", 1, "a");
  logs_.write("job/algo-2-1", 2, "b");
  ASSERT_TRUE(service().read_logs("job", seen_));
  EXPECT_THAT(seen_.events, ElementsAre("algo-1 | a", "algo-2 | b"));
}

TEST_F(SageMakerServiceTest, LinesHaveTheTimesOfTheirEvents) {
  training_.at(0s, "Completed", "Completed");
  logs_.write("job/algo-1-1", 1500, "a");
  sleep(1h);
  ASSERT_TRUE(service().follow("job", seen_));
  ASSERT_TRUE(service().read_last_lines("job", 2, seen_));
  EXPECT_THAT(seen_.times, ElementsAre(WallTime(1500ms), WallTime(1500ms)));
}

TEST_F(SageMakerServiceTest, ReadsTheLastLinesOfEachHostsLastStart) {
  for (int i = 1; i <= 5; ++i) logs_.write("job/algo-1-1", i, "before the interruption");
  for (int i = 11; i <= 15; ++i) logs_.write("job/algo-1-10", i, "line " + std::to_string(i));
  logs_.write("job/algo-2-10", 14, "of the second#011host");
  logs_.write("job-2/algo-1-1", 14, "of another job");
  ASSERT_TRUE(service().read_last_lines("job", 2, seen_));
  EXPECT_THAT(seen_.events, ElementsAre("algo-1 | line 14", "algo-2 | of the second\thost", "algo-1 | line 15"));
  EXPECT_EQ(logs_.calls.size(), 3u);
  EXPECT_FALSE(exceeds_rate(logs_.calls, 5));
}

TEST_F(SageMakerServiceTest, HasNoLastLinesOfAJobWithoutALog) {
  ASSERT_TRUE(service().read_last_lines("job", 2, seen_));
  EXPECT_THAT(seen_.events, IsEmpty());
  logs_.fault = [] { return fault(Kind::access_denied); };
  EXPECT_FALSE(service().read_last_lines("job", 2, seen_));
}

TEST_F(SageMakerServiceTest, LinesThatMayNotBeReadNowAreAnErrorAtOnce) {
  for (const Kind kind : {Kind::access_denied, Kind::invalid}) {
    logs_.fault = [kind] { return fault(kind); };
    const auto read = service().read_logs("job", seen_);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, aws::as_error(fault(kind)).code);
  }
  EXPECT_EQ(logs_.calls.size(), 2u);
  EXPECT_THAT(seen_.notices, IsEmpty());
}

TEST_F(SageMakerServiceTest, LinesThatAreThrottledNowAreAskedForAgain) {
  logs_.write("job/algo-1-1", 1, "a");
  int call = 0;
  logs_.fault = [&]() -> std::optional<aws::AwsError> {
    if (++call <= 2) return fault(Kind::throttled);
    return std::nullopt;
  };
  ASSERT_TRUE(service().read_logs("job", seen_));
  EXPECT_THAT(seen_.events, ElementsAre("algo-1 | a"));
  EXPECT_THAT(seen_.notices, ElementsAre(HasSubstr("will try again")));
}

TEST_F(SageMakerServiceTest, LinesThatAreThrottledForEverAreAnErrorAfterAMinute) {
  logs_.fault = [] { return fault(Kind::throttled); };
  const auto read = service().read_logs("job", seen_);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().exit, ExitCode::service);
  EXPECT_GE(clock_.now() - begin_, 1min);
  EXPECT_LT(clock_.now() - begin_, 3min);
  EXPECT_LT(logs_.calls.size(), 20u);
}

TEST_F(SageMakerServiceTest, StoppingAJobThatHasEndedIsNoError) {
  training_.at(0s, "Completed", "Completed");
  training_.stop_faults = {fault(Kind::invalid)};
  EXPECT_TRUE(service().stop("job"));
}

TEST_F(SageMakerServiceTest, StoppingAJobThatIsStoppingIsNoError) {
  training_.at(0s, "Stopping", "Stopping");
  training_.stop_faults = {fault(Kind::invalid)};
  EXPECT_TRUE(service().stop("job"));
  training_.at(0s, "InProgress", "Training");
  training_.stop_faults = {fault(Kind::invalid)};
  EXPECT_EQ(service().stop("job").error().code, "E427");
}

TEST_F(SageMakerServiceTest, StoppingAJobThatDoesNotExistIsOne) {
  training_.exists = false;
  training_.stop_faults = {ScriptedTraining::unknown_job()};
  EXPECT_EQ(service().stop("job").error().code, "E145");
}

TEST_F(SageMakerServiceTest, CountsTheHostsOfAllInstanceGroups) {
  const Json group{{"InstanceType", "ml.c5.xlarge"}, {"InstanceCount", 2}};
  training_.document = {{"ResourceConfig", {{"InstanceCount", 0}, {"InstanceGroups", {group, group}}}}};
  EXPECT_EQ(service().describe("job")->instance_count, 4);
  training_.document = {{"ResourceConfig", {{"InstanceCount", 3}}}};
  EXPECT_EQ(service().describe("job")->instance_count, 3);
  training_.document = {{"ResourceConfig", "unknown"}};
  EXPECT_EQ(service().describe("job")->instance_count, 1);
}

TEST_F(SageMakerServiceTest, ReadsTimesThatArePaidFor) {
  training_.at(0s, "Completed", "Completed");
  training_.document = {{"TrainingTimeInSeconds", 100}, {"BillableTimeInSeconds", 30}};
  const auto job = service().describe("job");
  ASSERT_TRUE(job);
  EXPECT_EQ(job->training_time, 100s);
  EXPECT_EQ(job->billable_time, 30s);
}

}  // namespace
}  // namespace smflow::sagemaker
