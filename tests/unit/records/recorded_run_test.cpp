#include "record_files.hpp"
#include "support/fake_clock.hpp"
#include "support/temporary_folder.hpp"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <smflow/records/recorded_run.hpp>

namespace smflow::records {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

// A folder in which keys with some ending cannot be written.
class Bucket : public storage::Store {
 public:
  explicit Bucket(const fs::path& folder) : store_(storage::open_store("file://" + folder.string()).value()) {}

  std::string refused = "nothing";

  std::string uri() const override { return store_->uri(); }
  std::string uri(std::string_view key) const override { return store_->uri(key); }
  Result<void> put(std::string_view key, std::string_view content, bool only_new) override {
    if (key.ends_with(refused)) return tl::unexpected(Error{.code = "E420", .message = "may not write"});
    return store_->put(key, content, only_new);
  }
  Result<void> put_file(std::string_view key, const fs::path& file, bool only_new) override {
    return store_->put_file(key, file, only_new);
  }
  Result<std::string> get(std::string_view key, std::uint64_t limit) override { return store_->get(key, limit); }
  Result<void> get_file(std::string_view key, const fs::path& file) override { return store_->get_file(key, file); }
  Result<std::vector<storage::ObjectInfo>> list(std::string_view prefix) override { return store_->list(prefix); }
  Result<bool> exists(std::string_view key) override { return store_->exists(key); }
  Result<void> remove(std::string_view key) override { return store_->remove(key); }

 private:
  std::unique_ptr<storage::Store> store_;
};

// A job that says a line and ends.
class OneLine : public plan::TrainingService {
 public:
  std::string line = "loss: 0.5";
  WallTime time = {};

  Result<void> submit(const plan::JobPlan&) override { return {}; }
  Result<plan::JobDescription> describe(const std::string& job) override { return test::ended(job); }
  Result<void> stop(const std::string&) override { return {}; }
  Result<plan::JobDescription> follow(const std::string& job, plan::JobObserver& observer) override {
    observer.on_log("algo-1", line, time);
    return test::ended(job);
  }
};

class RecordedRunTest : public ::testing::Test {
 protected:
  void SetUp() override {
    run_.plan.target = plan::Target::sagemaker;
    run_.plan.output_uri = bucket_.uri() + "/exp/outputs";
  }
  RecordedRun recorded() { return {service_, bucket_, run_.prefix, run_.plan}; }
  Result<RunResult> follow() {
    plan::SilentObserver silent;
    EXPECT_TRUE(submit_recorded(recorded(), run_.input, clock_));
    return follow_recorded(recorded(), clock_, silent);
  }
  fs::path output() const { return folder_ / "exp/outputs" / run_.plan.job_name / "output"; }

  const smflow::test::TemporaryFolder folder_;
  Bucket bucket_{folder_.path()};
  smflow::test::FakeClock clock_;
  OneLine service_;
  test::Recorded run_ = test::run_named("gan-20260131-120000-x7k2a", bucket_.uri());
};

TEST_F(RecordedRunTest, EndsAsTheJobDidWhenTheOutcomeCannotBeWritten) {
  bucket_.refused = "outcome.json";
  const auto result = follow();
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->job.status, plan::JobStatus::Completed);
  EXPECT_FALSE(result->outcome_is_written);
  ASSERT_FALSE(result->warnings.empty());
  EXPECT_EQ(result->warnings.back().code, "E420");
}

TEST_F(RecordedRunTest, IsNotCompletedByWhoMayNotWrite) {
  ASSERT_TRUE(submit_recorded(recorded(), run_.input, clock_));
  const auto account = [] { return std::string(); };
  bucket_.refused = "outcome.json";
  EXPECT_EQ(complete_record(bucket_, run_.prefix, service_, account, clock_), false);
  bucket_.refused = "nothing";
  EXPECT_EQ(complete_record(bucket_, run_.prefix, service_, account, clock_), true);
}

TEST_F(RecordedRunTest, LooksThroughNoOutputThatIsLarge) {
  fs::create_directories(output());
  std::ofstream(output() / "output.tar.gz");
  fs::resize_file(output() / "output.tar.gz", (1ull << 30) + 1);
  const auto result = follow();
  ASSERT_TRUE(result);
  ASSERT_EQ(result->warnings.size(), 1u);
  EXPECT_EQ(result->warnings[0].code, "E379");
  EXPECT_THAT(result->warnings[0].fix, HasSubstr("smflow pull"));
  EXPECT_THAT(result->job.output_artifacts_uri, HasSubstr("/output/output.tar.gz"));
}

TEST_F(RecordedRunTest, CopiesTheMetricsOfAnOutputThatIsNotPacked) {
  run_.plan.platform.compress_output = false;
  folder_.write((fs::relative(output(), folder_.path()) / "data/metrics/m.jsonl").string(), "{}\n");
  std::ofstream(output() / "data/large");
  fs::resize_file(output() / "data/large", (1ull << 30) + 1);
  const auto result = follow();
  ASSERT_TRUE(result);
  EXPECT_TRUE(result->warnings.empty());
  EXPECT_EQ(result->job.output_artifacts_uri, bucket_.uri("exp/outputs/" + run_.plan.job_name + "/output/data") + "/");
  EXPECT_EQ(bucket_.get(run_.prefix + "/metrics/m.jsonl", 1000).value(), "{}\n");
  EXPECT_FALSE(bucket_.exists(run_.prefix + "/large").value());
}

TEST_F(RecordedRunTest, KeepsMetricsWithTheTimesOfTheirLines) {
  run_.plan.metric_definitions = {{"loss", "loss: ([0-9.]+)"}};
  service_.time = WallTime(std::chrono::milliseconds(1'700'000'000'500));
  ASSERT_TRUE(follow());
  const auto metrics = bucket_.get(run_.prefix + "/metrics/log.jsonl", 1000);
  ASSERT_TRUE(metrics);
  EXPECT_THAT(*metrics, HasSubstr("1700000000.5"));
}

TEST(OutcomeState, OfAJobThatIsBeingDeletedIsHowItEnded) {
  plan::JobDescription job = test::ended("gan", plan::JobStatus::Deleting);
  for (const auto& [status, state] :
       {std::pair("Completed", "succeeded"), {"Failed", "failed"}, {"Stopped", "stopped"}}) {
    job.transitions = {{status, {}, {}, ""}, {"Deleting", {}, {}, ""}};
    EXPECT_EQ(outcome_state(job), state);
  }
}

TEST_F(RecordedRunTest, KeepsNoSecretOfTheJobInItsLogs) {
  run_.plan.environment = {{"DB_PASSWORD", "hunter22x"}, {"NOTE", "shown"}};
  service_.line = "connects with hunter22x, shown";
  ASSERT_TRUE(follow());
  const auto log = bucket_.get(run_.prefix + "/logs/algo-1.txt", 1000);
  ASSERT_TRUE(log);
  EXPECT_THAT(*log, Not(HasSubstr("hunter22x")));
  EXPECT_THAT(*log, HasSubstr("shown"));
}

}  // namespace
}  // namespace smflow::records
