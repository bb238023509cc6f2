#include "job_fixture.hpp"

#include <algorithm>
#include <atomic>
#include <thread>

#include <gmock/gmock.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <smflow/base/files.hpp>
#include <smflow/engine/running_jobs.hpp>

namespace smflow::engine {

namespace {

using plan::JobStatus;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// A store before another, which gets all that a subclass does not take.
class StoreBefore : public storage::Store {
 public:
  explicit StoreBefore(std::unique_ptr<storage::Store> store) : store_(std::move(store)) {}

  std::string uri() const override { return store_->uri(); }
  std::string uri(std::string_view key) const override { return store_->uri(key); }
  Result<void> put(std::string_view key, std::string_view content, bool only_new) override {
    return store_->put(key, content, only_new);
  }
  Result<void> put_file(std::string_view key, const std::filesystem::path& file, bool only_new) override {
    return store_->put_file(key, file, only_new);
  }
  Result<std::string> get(std::string_view key, std::uint64_t limit) override { return store_->get(key, limit); }
  Result<void> get_file(std::string_view key, const std::filesystem::path& file) override {
    return store_->get_file(key, file);
  }
  Result<std::vector<storage::ObjectInfo>> list(std::string_view prefix) override { return store_->list(prefix); }
  Result<bool> exists(std::string_view key) override { return store_->exists(key); }
  Result<void> remove(std::string_view key) override { return store_->remove(key); }

 private:
  std::unique_ptr<storage::Store> store_;
};

// It has no room for model.tar.gz.
class FullStore : public StoreBefore {
 public:
  using StoreBefore::StoreBefore;
  Result<void> put_file(std::string_view key, const std::filesystem::path& file, bool only_new) override {
    if (key.find("model") != std::string_view::npos) return tl::unexpected(system_error("cannot write it", ENOSPC));
    return StoreBefore::put_file(key, file, only_new);
  }
};

// It has ETags, and counts what is fetched.
class CountingStore : public StoreBefore {
 public:
  CountingStore(std::unique_ptr<storage::Store> store, int& fetched)
      : StoreBefore(std::move(store)), fetched_(fetched) {}
  Result<std::optional<storage::ObjectInfo>> find(std::string_view key) override {
    return StoreBefore::find(key).map([](auto found) {
      if (found) found->etag = "\"1\"";
      return found;
    });
  }
  Result<void> get_file(std::string_view key, const std::filesystem::path& file) override {
    ++fetched_;
    return StoreBefore::get_file(key, file);
  }

 private:
  int& fetched_;
};

Result<std::unique_ptr<storage::Store>> open_full_store(std::string_view uri) {
  return storage::open_store(uri).map([](std::unique_ptr<storage::Store> store) -> std::unique_ptr<storage::Store> {
    return std::make_unique<FullStore>(std::move(store));
  });
}

// s3://bucket/key is the file bucket/key below a folder.
StoreOpener s3_below(const std::filesystem::path& folder) {
  return [folder](std::string_view uri) -> Result<std::unique_ptr<storage::Store>> {
    if (!uri.starts_with("s3://")) return storage::open_store(uri);
    std::filesystem::path place = folder / uri.substr(5);
    // Below the key of an object S3 finds nothing and is content.
    if (std::filesystem::is_regular_file(place)) place += ".nothing";
    return storage::open_store("file://" + place.string());
  };
}

std::vector<std::string> statuses_of(const plan::JobDescription& job) {
  std::vector<std::string> statuses;
  for (const plan::StatusTransition& transition : job.transitions) statuses.push_back(transition.status);
  return statuses;
}

using LocalEngineTest = EngineJob;

}  // namespace

TEST_F(LocalEngineTest, TellsTheHistoryOfAJobWithTimes) {
  const auto engine = make_engine();
  ASSERT_TRUE(engine->submit(plan_for("echo hello; echo 1 > $SM_MODEL_DIR/weights")));
  const auto job = engine->follow("job", observer_);
  ASSERT_TRUE(job);
  EXPECT_EQ(job->status, JobStatus::Completed);
  EXPECT_EQ(job->failure_reason, "");
  EXPECT_THAT(statuses_of(*job), ElementsAre("Starting", "Downloading", "Training", "Uploading", "Completed"));
  EXPECT_EQ(observer_.statuses, statuses_of(*job));
  for (std::size_t i = 0; i < job->transitions.size(); ++i) {
    ASSERT_TRUE(job->transitions[i].end);
    EXPECT_LE(job->transitions[i].start, *job->transitions[i].end);
    const WallTime before = i == 0 ? job->creation_time : *job->transitions[i - 1].end;
    EXPECT_LE(before, job->transitions[i].start);
    EXPECT_TRUE(i == 0 || before == job->transitions[i].start);
  }
  ASSERT_TRUE(job->training_start_time && job->training_end_time);
  EXPECT_LE(job->creation_time, *job->training_start_time);
  EXPECT_LE(*job->training_start_time, *job->training_end_time);
  EXPECT_THAT(observer_.lines, testing::Contains(std::pair<std::string, std::string>("algo-1", "hello")));
  EXPECT_EQ(job->model_artifacts_uri, "file://" + (folder_ / "store/job/output/model.tar.gz").string());
  EXPECT_EQ(job->output_artifacts_uri, "");
  EXPECT_THAT(left(), IsEmpty());
}

TEST_F(LocalEngineTest, TellsWhenALineCame) {
  const auto engine = make_engine();
  ASSERT_TRUE(engine->submit(plan_for("echo hello")));
  const auto job = engine->follow("job", observer_);
  ASSERT_TRUE(job);
  ASSERT_FALSE(observer_.times.empty());
  EXPECT_GE(observer_.times.front(), job->creation_time);
  EXPECT_LE(observer_.times.back(), *job->training_end_time);
}

TEST_F(LocalEngineTest, CopiesCheckpointsWhileTheProgramRunsAndAtItsEnd) {
  const auto engine = make_engine();
  ASSERT_TRUE(
      engine->submit(plan_for("echo 1 > /opt/ml/checkpoints/first; until test -e $SM_CHANNEL_DATA/seen; do sleep 0.02; "
                              "done; echo 2 > /opt/ml/checkpoints/last; echo 2 > /opt/ml/checkpoints/first")));
  // The program goes on only after its checkpoint was seen in the store; its time limit ends a test that waits in vain.
  std::atomic<bool> done = false;
  std::thread witness([&] {
    while (!done && !std::filesystem::exists(folder_ / "checkpoints/first")) std::this_thread::yield();
    folder_.write("data/seen", "");
  });
  const auto job = engine->follow("job", observer_);
  done = true;
  witness.join();
  ASSERT_TRUE(job);
  EXPECT_EQ(job->status, JobStatus::Completed) << job->failure_reason;
  EXPECT_EQ(test::slurp(folder_ / "checkpoints/first"), "2\n");
  EXPECT_EQ(test::slurp(folder_ / "checkpoints/last"), "2\n");
}

TEST_F(LocalEngineTest, CopiesACheckpointThatIsOverwrittenInPlaceWhileTheProgramRuns) {
  const auto engine = make_engine();
  ASSERT_TRUE(engine->submit(
      plan_for("mkdir /opt/ml/checkpoints/deep; echo 1 > /opt/ml/checkpoints/deep/state; "
               "until test -e $SM_CHANNEL_DATA/one; do sleep 0.02; done; echo 2 > /opt/ml/checkpoints/deep/state; "
               "until test -e $SM_CHANNEL_DATA/two; do sleep 0.02; done")));
  std::atomic<bool> done = false;
  std::thread witness([&] {
    for (const auto& [content, answer] : {std::pair{"1\n", "data/one"}, std::pair{"2\n", "data/two"}}) {
      while (!done && read_file(folder_ / "checkpoints/deep/state").value_or("") != content) std::this_thread::yield();
      if (!done) folder_.write(answer, "");
    }
  });
  const auto job = engine->follow("job", observer_);
  done = true;
  witness.join();
  ASSERT_TRUE(job);
  EXPECT_EQ(job->status, JobStatus::Completed) << "its time limit ends a program that waits in vain";
}

TEST_F(LocalEngineTest, RestoresCheckpointsForEveryHostOfTheNextJob) {
  const auto engine = make_engine();
  folder_.write("checkpoints/deep/state", "seven\n");
  plan::JobPlan plan = plan_for("cat /opt/ml/checkpoints/deep/state");
  plan.instance_count = 2;
  ASSERT_TRUE(engine->submit(plan));
  const auto job = engine->follow("job", observer_);
  ASSERT_TRUE(job);
  EXPECT_EQ(job->status, JobStatus::Completed) << job->failure_reason;
  using Line = std::pair<std::string, std::string>;
  EXPECT_THAT(observer_.lines, testing::IsSupersetOf({Line("algo-1", "seven"), Line("algo-2", "seven")}));
}

class EngineWithBuckets : public EngineJob {
 protected:
  // A job with its data at `uri`.
  Result<plan::JobDescription> run(const std::string& program, const std::string& uri) {
    const auto engine = make_engine({.open_store = s3_below(folder_ / "s3")});
    plan::JobPlan plan = plan_for(program);
    plan.channels[0].uri = uri;
    plan.channels[0].input_mode = plan::InputMode::FastFile;
    plan.output_uri = "s3://bucket/out";
    plan.checkpoint->uri = "s3://bucket/checkpoints";
    plan.record_uri = "s3://bucket/record";
    if (auto submitted = engine->submit(plan); !submitted) return tl::unexpected(submitted.error());
    return engine->follow("job", observer_);
  }
  bool printed(const std::string& line) const {
    return std::ranges::count(observer_.lines, std::pair<std::string, std::string>("algo-1", line)) > 0;
  }
};

TEST_F(EngineWithBuckets, FetchesAFolder) {
  folder_.write("s3/bucket/images/a/1", "one\n");
  folder_.write("s3/bucket/images-2/b", "");
  const auto job = run("cat $SM_CHANNEL_DATA/a/1; ls $SM_CHANNEL_DATA", "s3://bucket/images/");
  ASSERT_TRUE(job) << job.error().message;
  EXPECT_EQ(job->status, JobStatus::Completed) << job->failure_reason;
  EXPECT_THAT(statuses_of(*job),
              ElementsAre("Starting", "Downloading", "Downloading", "Training", "Uploading", "Completed"));
  EXPECT_TRUE(printed("one"));
  EXPECT_TRUE(printed("a"));
  EXPECT_FALSE(printed("b"));
  EXPECT_THAT(left(), IsEmpty());
}

TEST_F(EngineWithBuckets, FetchesOneObject) {
  folder_.write("s3/bucket/images/a", "one\n");
  const auto job = run("cat $SM_CHANNEL_DATA/a", "s3://bucket/images/a");
  ASSERT_TRUE(job) << job.error().message;
  EXPECT_TRUE(printed("one"));
}

TEST_F(EngineWithBuckets, FetchesOneObjectOnceForAllJobs) {
  folder_.write("s3/bucket/images/a", "one\n");
  int fetched = 0;
  const auto open_input = [&, open = s3_below(folder_ / "s3")](std::string_view uri) {
    return open(uri).map([&](std::unique_ptr<storage::Store> store) -> std::unique_ptr<storage::Store> {
      return std::make_unique<CountingStore>(std::move(store), fetched);
    });
  };
  for (const char* const name : {"first", "second"}) {
    const auto engine = make_engine({.open_input = open_input});
    plan::JobPlan plan = plan_for("cat $SM_CHANNEL_DATA/a", name);
    plan.channels[0].uri = "s3://bucket/images/a";
    ASSERT_TRUE(engine->submit(plan));
    observer_.lines.clear();
    ASSERT_TRUE(engine->follow(name, observer_));
    EXPECT_TRUE(printed("one")) << name;
  }
  EXPECT_EQ(fetched, 1);
}

TEST_F(EngineWithBuckets, RefusesAJobWithoutItsData) {
  for (const char* const uri : {"s3://bucket/none", "s3://bucket", "s3://bucket/"}) {
    const auto job = run("exit 0", uri);
    ASSERT_FALSE(job) << uri;
    EXPECT_EQ(job.error().code, "E101") << uri;
    EXPECT_THAT(left(), IsEmpty());
  }
}

TEST_F(EngineWithBuckets, LeavesItsResultsThere) {
  folder_.write("s3/bucket/images/a", "");
  folder_.write("s3/bucket/checkpoints/state", "7\n");
  const auto job =
      run("cat /opt/ml/checkpoints/state; echo 8 > /opt/ml/checkpoints/next; echo 1 > $SM_MODEL_DIR/weights",
          "s3://bucket/images");
  ASSERT_TRUE(job) << job.error().message;
  EXPECT_EQ(job->status, JobStatus::Completed) << job->failure_reason;
  EXPECT_TRUE(printed("7"));
  EXPECT_EQ(test::slurp(folder_ / "s3/bucket/checkpoints/next"), "8\n");
  EXPECT_TRUE(std::filesystem::exists(folder_ / "s3/bucket/out/job/output/model.tar.gz"));
  EXPECT_TRUE(std::filesystem::exists(folder_ / "s3/bucket/record/logs"));
}

TEST_F(LocalEngineTest, LeavesFilesOneByOneWhereTheyAreNotToBePacked) {
  const auto engine = make_engine();
  plan::JobPlan plan = plan_for(
      "cd $SM_MODEL_DIR; mkdir net; echo $SM_CURRENT_HOST > net/$SM_CURRENT_HOST; "
      "ln -s $PWD/net/$SM_CURRENT_HOST of-$SM_CURRENT_HOST; "
      "if test $SM_CURRENT_HOST = algo-1; then echo 2 > $SM_OUTPUT_DATA_DIR/note; fi");
  plan.instance_count = 2;
  plan.platform.compress_output = false;
  ASSERT_TRUE(engine->submit(plan));
  const auto job = engine->follow("job", observer_);
  ASSERT_TRUE(job);
  EXPECT_EQ(job->status, JobStatus::Completed) << job->failure_reason;
  const std::filesystem::path output = folder_ / "store/job/output";
  EXPECT_EQ(job->model_artifacts_uri, "file://" + output.string() + "/model/");
  EXPECT_EQ(job->output_artifacts_uri, "file://" + output.string() + "/data/");
  for (const std::string host : {"algo-1", "algo-2"}) {
    EXPECT_EQ(test::slurp(output / "model/net" / host), host + "\n");
    EXPECT_EQ(test::slurp(output / "model" / ("of-" + host)), host + "\n");
  }
  EXPECT_EQ(test::slurp(output / "data/note"), "2\n");
  EXPECT_FALSE(stored("job/output/model.tar.gz"));
  EXPECT_EQ(engine->submit(plan).error().code, "E140");
  EXPECT_THAT(left(), IsEmpty());
}

TEST_F(LocalEngineTest, KeepsTheFilesOfEveryHostWhenTwoWroteOne) {
  for (const bool compressed : {true, false}) {
    const auto engine = make_engine();
    plan::JobPlan plan = plan_for("echo $SM_CURRENT_HOST > $SM_MODEL_DIR/weights", compressed ? "packed" : "job");
    plan.instance_count = 2;
    plan.platform.compress_output = compressed;
    ASSERT_TRUE(engine->submit(plan));
    const auto job = engine->follow(plan.job_name, observer_);
    ASSERT_TRUE(job);
    EXPECT_EQ(job->status, JobStatus::Failed);
    EXPECT_THAT(job->failure_reason, HasSubstr("'weights' was written by both algo-1 and algo-2"));
  }
  EXPECT_TRUE(stored("packed/output/model-algo-2.tar.gz"));
  EXPECT_EQ(test::slurp(folder_ / "store/job/output/model-algo-2/weights"), "algo-2\n");
}

TEST_F(LocalEngineTest, KeepsEverythingWhenTheModelCannotBeStored) {
  const auto engine = make_engine({.open_store = open_full_store});
  ASSERT_TRUE(engine->submit(plan_for("echo 1 > $SM_MODEL_DIR/weights; echo 2 > $SM_OUTPUT_DATA_DIR/note")));
  const auto job = engine->follow("job", observer_);
  ASSERT_TRUE(job);
  EXPECT_EQ(job->status, JobStatus::Failed);
  EXPECT_THAT(job->failure_reason, testing::StartsWith("ClientError: cannot write it"));
  EXPECT_THAT(job->failure_reason, HasSubstr((folder_ / "work/job").string()));
  EXPECT_EQ(job->model_artifacts_uri, "");
  EXPECT_FALSE(stored("job/output/model.tar.gz"));
  EXPECT_TRUE(stored("job/output/output.tar.gz"));
  EXPECT_EQ(test::slurp(folder_ / "work/job/algo-1/ml/model/weights"), "1\n");
}

TEST_F(LocalEngineTest, ReasonOfTheProgramOutranksThatOfTheStore) {
  const auto engine = make_engine({.open_store = open_full_store});
  ASSERT_TRUE(engine->submit(plan_for("echo 1 > $SM_MODEL_DIR/weights; echo why > $SM_OUTPUT_FAILURE; exit 3")));
  const auto job = engine->follow("job", observer_);
  ASSERT_TRUE(job);
  EXPECT_EQ(job->failure_reason, "AlgorithmError: why, exit code: 3");
  ASSERT_THAT(observer_.notices, ElementsAre(HasSubstr("cannot write it")));
  EXPECT_THAT(observer_.notices[0], HasSubstr((folder_ / "work/job").string()));
  EXPECT_EQ(test::slurp(folder_ / "work/job/algo-1/ml/model/weights"), "1\n") << "what could not be saved stays";
}

TEST_F(LocalEngineTest, EndsTheJobWhenAnObjectOfAPipeCannotBeRead) {
  const auto engine = make_engine();
  plan::JobPlan plan = plan_for(
      "cat /opt/ml/input/data/data_0; until test -e /opt/ml/input/data/signal/go; do sleep 0.02; done; "
      "trap 'echo asked; sleep 0.3; echo saved; exit 0' TERM; "
      "cat /opt/ml/input/data/gone_0; while :; do sleep 0.02; done");
  folder_.write("data/1.txt", "one\n");
  folder_.write("gone/2.txt", "two\n");
  plan.channels[0].input_mode = plan::InputMode::Pipe;
  plan.channels.push_back(plan.channels[0]);
  plan.channels[1].name = "gone";
  plan.channels[1].uri = "file://" + (folder_ / "gone").string();
  folder_.write("signal/none", "");
  plan.channels.push_back({.name = "signal", .uri = "file://" + (folder_ / "signal").string()});
  ASSERT_TRUE(engine->submit(plan));
  std::filesystem::remove(folder_ / "gone/2.txt");
  folder_.write("signal/go", "");
  observer_.at_line = [&](std::string_view line) {
    if (line == "asked") {
      EXPECT_TRUE(engine->stop("job"));
    }
  };
  const auto job = engine->follow("job", observer_);
  ASSERT_TRUE(job);
  EXPECT_THAT(observer_.lines, testing::Contains(testing::Pair("algo-1", "one")));
  EXPECT_EQ(job->status, JobStatus::Failed);
  EXPECT_THAT(job->failure_reason, HasSubstr("did not get all its data"));
  EXPECT_THAT(job->failure_reason, HasSubstr("2.txt"));
  EXPECT_THAT(observer_.lines, testing::Contains(testing::Pair("algo-1", "saved")))
      << "the user's first stop is no second one";
}

TEST_F(LocalEngineTest, StopsGracefullyFromAnotherThreadAndKeepsTheArtifacts) {
  const auto engine = make_engine();
  ASSERT_TRUE(engine->submit(
      plan_for("trap 'echo saved > $SM_MODEL_DIR/saved; exit 0' TERM; echo ready; while :; do sleep 0.02; done")));
  observer_.at_line = [&](std::string_view line) {
    if (line == "ready") std::thread([&] { EXPECT_TRUE(engine->stop("job")); }).join();
  };
  const auto job = engine->follow("job", observer_);
  ASSERT_TRUE(job);
  EXPECT_EQ(job->status, JobStatus::Stopped);
  EXPECT_THAT(statuses_of(*job),
              ElementsAre("Starting", "Downloading", "Training", "Stopping", "Uploading", "Stopped"));
  EXPECT_TRUE(stored("job/output/model.tar.gz"));
  EXPECT_THAT(left(), IsEmpty());
}

TEST_F(LocalEngineTest, KillsAtTheSecondStop) {
  const auto engine = make_engine();
  plan::JobPlan plan = plan_for("trap '' TERM; echo ready; while :; do sleep 0.02; done");
  plan.stop_grace = std::chrono::hours(1);
  ASSERT_TRUE(engine->submit(plan));
  observer_.at_line = [&](std::string_view line) {
    if (line != "ready") return;
    EXPECT_TRUE(engine->stop("job"));
    EXPECT_TRUE(engine->stop("job"));
  };
  const auto job = engine->follow("job", observer_);
  ASSERT_TRUE(job);
  EXPECT_EQ(job->status, JobStatus::Stopped);
  ASSERT_EQ(job->hosts.size(), 1u);
  EXPECT_EQ(job->hosts[0].exit_code, 137);
  EXPECT_THAT(left(), IsEmpty());
}

TEST_F(LocalEngineTest, StopOfAJobThatHasEndedChangesNothing) {
  const auto engine = make_engine();
  ASSERT_TRUE(engine->submit(plan_for("exit 0")));
  ASSERT_TRUE(engine->follow("job", observer_));
  EXPECT_TRUE(engine->stop("job"));
  EXPECT_EQ(engine->describe("job")->status, JobStatus::Completed);
}

TEST_F(LocalEngineTest, IsStoppedByItsTimeLimit) {
  const auto engine = make_engine();
  plan::JobPlan plan = plan_for("exec sleep 600");
  plan.max_run_time = std::chrono::seconds(1);
  ASSERT_TRUE(engine->submit(plan));
  const auto job = engine->follow("job", observer_);
  ASSERT_TRUE(job);
  EXPECT_EQ(job->status, JobStatus::Stopped);
  EXPECT_EQ(job->secondary_status, "MaxRuntimeExceeded");
  EXPECT_EQ(job->failure_reason, "");
}

TEST_F(LocalEngineTest, RefusesANameThatIsInUseOrWasUsed) {
  const auto engine = make_engine();
  const plan::JobPlan plan =
      plan_for("echo 1 > $SM_MODEL_DIR/weights; until test -e $SM_CHANNEL_DATA/go; do sleep 0.02; done");
  ASSERT_TRUE(engine->submit(plan));
  const auto other = make_engine();
  const auto running = other->submit(plan);
  ASSERT_FALSE(running);
  EXPECT_EQ(running.error().code, "E140");
  folder_.write("data/go", "");
  ASSERT_TRUE(engine->follow("job", observer_));
  const auto again = other->submit(plan);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, "E140");
  EXPECT_EQ(again.error().exit, ExitCode::conflict);
  EXPECT_THAT(again.error().message, HasSubstr("model.tar.gz"));
  EXPECT_THAT(left(), IsEmpty());
}

TEST_F(LocalEngineTest, KnowsOnlyItsOwnJobs) {
  const auto engine = make_engine();
  EXPECT_EQ(engine->describe("nobody").error().code, "E106");
  EXPECT_EQ(engine->stop("nobody").error().exit, ExitCode::not_found);
  EXPECT_EQ(engine->follow("nobody", observer_).error().code, "E106");
}

TEST_F(LocalEngineTest, StartsNoProgramWhenTheJobIsStoppedWhileItsDataIsFetched) {
  folder_.write("s3/bucket/images/1.txt", "1");
  LocalEngine* running = nullptr;
  const auto engine = make_engine({.open_input = [&, open = s3_below(folder_ / "s3")](std::string_view uri) {
    EXPECT_EQ(running->stop("job").error().code, "E106");
    return open(uri);
  }});
  running = engine.get();
  plan::JobPlan plan = plan_for("echo started > $SM_MODEL_DIR/weights");
  plan.channels[0].uri = "s3://bucket/images";
  const auto submitted = engine->submit(plan);
  ASSERT_FALSE(submitted);
  EXPECT_EQ(submitted.error().code, "E121");
  EXPECT_EQ(submitted.error().exit, ExitCode::interrupted);
  EXPECT_THAT(left(), IsEmpty());
  EXPECT_FALSE(engine->describe("job"));
}

TEST_F(LocalEngineTest, StartsNoProgramOfAJobThatWasStoppedBeforeItCame) {
  const auto engine = make_engine();
  EXPECT_FALSE(engine->stop("job"));
  EXPECT_EQ(engine->submit(plan_for("true")).error().code, "E121");
  ASSERT_TRUE(engine->submit(plan_for("true"))) << "only the next job of that name";
  EXPECT_EQ(engine->follow("job", observer_)->status, JobStatus::Completed);
}

TEST_F(LocalEngineTest, RemovesWhatAKilledLauncherLeft) {
  const pid_t launcher = fork();
  ASSERT_GE(launcher, 0);
  if (launcher == 0) {
    const auto engine = make_engine();
    _exit(engine->submit(plan_for("sleep 600")) && kill(getpid(), SIGKILL) == 0 ? 1 : 2);
  }
  int status = 0;
  ASSERT_EQ(waitpid(launcher, &status, 0), launcher);
  ASSERT_TRUE(WIFSIGNALED(status)) << WEXITSTATUS(status);
  EXPECT_THAT(left(), testing::Contains("job"));
  const auto engine = make_engine();
  // The folder is free once the sandbox has seen that its launcher is gone.
  auto submitted = engine->submit(plan_for("exit 0"));
  for (int tries = 0; !submitted && tries < 1000; ++tries) {
    ASSERT_EQ(submitted.error().code, "E140");
    usleep(10'000);
    submitted = engine->submit(plan_for("exit 0"));
  }
  ASSERT_TRUE(submitted) << submitted.error().message;
  ASSERT_TRUE(engine->follow("job", observer_));
  EXPECT_THAT(left(), IsEmpty());
}

TEST_F(LocalEngineTest, KeepsTheCoresOfTheFiveNewestJobsThatLeftOne) {
  const auto engine = make_engine();
  plan::JobPlan plan;
  for (const char* name : {"one", "two", "three", "four", "five", "six"}) {
    plan = plan_for("echo core > $SMFLOW_CORE_FOLDER/core; exit 1", name);
    ASSERT_TRUE(engine->submit(plan));
    ASSERT_EQ(engine->follow(name, observer_)->status, JobStatus::Failed);
  }
  std::vector<std::string> jobs;
  for (const KeptCore& core : kept_cores(plan.local.work_directory)) {
    jobs.push_back(core.job);
    EXPECT_EQ(core.host, "algo-1");
    EXPECT_EQ(read_file(core.folder / "core").value_or(""), "core\n");
  }
  EXPECT_THAT(jobs, ElementsAre("two", "three", "four", "five", "six"));
}

TEST_F(LocalEngineTest, LetsNoProgramWaitForAnEditorThatCannotReachIt) {
  if (in_containers()) GTEST_SKIP() << "a container has an address";
  const auto engine = make_engine();
  plan::JobPlan plan = plan_for("exit 0");
  plan.local.debug = plan::Debug{.host = "algo-1", .debugpy = true};
  plan.platform.network_isolation = true;
  const auto refused = engine->submit(plan);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "E380");
  EXPECT_THAT(refused.error().fix, HasSubstr("LOCAL.ENGINE: container"));
  EXPECT_THAT(left(), IsEmpty());
}

TEST_F(LocalEngineTest, EndsAJobThatNobodyFollowsWhenTheEngineGoes) {
  {
    const auto engine = make_engine();
    ASSERT_TRUE(engine->submit(plan_for("trap '' TERM; while :; do sleep 1; done")));
  }
  EXPECT_THAT(left(), IsEmpty());
}

TEST_F(LocalEngineTest, RunsTwoJobsAtOnce) {
  const auto engine = make_engine();
  ASSERT_TRUE(engine->submit(
      plan_for("until test -e $SM_CHANNEL_DATA/go; do sleep 0.02; done; echo $TRAINING_JOB_NAME", "one")));
  ASSERT_TRUE(engine->submit(
      plan_for("until test -e $SM_CHANNEL_DATA/go; do sleep 0.02; done; echo $TRAINING_JOB_NAME", "two")));
  folder_.write("data/go", "");
  for (const char* name : {"one", "two"}) {
    RecordingObserver observer;
    const auto job = engine->follow(name, observer);
    ASSERT_TRUE(job);
    EXPECT_EQ(job->status, JobStatus::Completed);
    EXPECT_THAT(observer.lines, testing::Contains(std::pair<std::string, std::string>("algo-1", name)));
  }
  EXPECT_THAT(left(), IsEmpty());
}

TEST_F(LocalEngineTest, MasksCredentialsInTheLog) {
  const auto engine = make_engine();
  ASSERT_TRUE(engine->submit(plan_for("echo key AKIAIOSFODNN7EXAMPLE")));
  ASSERT_TRUE(engine->follow("job", observer_));
  for (const auto& [host, line] : observer_.lines) EXPECT_THAT(line, testing::Not(HasSubstr("AKIA")));
}

}  // namespace smflow::engine
