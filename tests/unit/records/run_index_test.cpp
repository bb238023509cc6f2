#include "record_files.hpp"
#include "support/temporary_folder.hpp"

#include <atomic>
#include <cmath>
#include <thread>

#include <gtest/gtest.h>

#include <smflow/base/timestamp.hpp>
#include <smflow/records/run_index.hpp>

namespace smflow::records {
namespace {

using test::ended;
using test::run_named;

const WallTime noon = *parse_iso8601("2026-01-31T12:00:00Z");

class RunIndexTest : public ::testing::Test {
 protected:
  RunIndexTest() : store_(*storage::open_store(uri())) {}

  std::string uri() const { return "file://" + (folder_ / "bucket").string(); }
  std::string start(const std::string& name, int epochs = 5) {
    const test::Recorded run = run_named(name, uri(), epochs);
    EXPECT_TRUE(write_record(*store_, run.prefix, run.plan, run.input, noon));
    return run.prefix;
  }
  void end(const std::string& name, plan::JobStatus status = plan::JobStatus::Completed) {
    EXPECT_TRUE(write_outcome(*store_, "team/exp/configs/" + name, ended(name, status)));
  }
  RunIndex open() {
    auto index = RunIndex::open(*store_, {.cache = folder_ / "cache", .now = noon});
    EXPECT_TRUE(index) << index.error().message;
    return *std::move(index);
  }

  ::smflow::test::TemporaryFolder folder_;
  std::unique_ptr<storage::Store> store_;
};

TEST_F(RunIndexTest, TellsWhatTheRecordTells) {
  start("gan-20260131-120000-x7k2a", 7);
  end("gan-20260131-120000-x7k2a");
  const RunIndex index = open();
  ASSERT_EQ(index.runs().size(), 1u);
  const RunSummary& run = index.runs().front();
  EXPECT_EQ(run.experiment, "team/exp");
  EXPECT_EQ(run.base_name(), "gan");
  EXPECT_EQ(run.short_name(), "x7k2a");
  EXPECT_EQ(run.state, RunState::succeeded);
  EXPECT_EQ(run.parameter("TRAINING.NUM_EPOCHS"), "7");
  EXPECT_EQ(run.parameter("sagemaker:SAGEMAKER.INSTANCE_TYPE"), "\"local\"");
  EXPECT_EQ(run.duration(noon), std::chrono::minutes(1));
}

TEST_F(RunIndexTest, ReadsACardOnce) {
  start("gan-20260131-120000-aaaaa");
  EXPECT_EQ(open().cards_read(), 1u);
  EXPECT_EQ(open().cards_read(), 0u);
  start("gan-20260131-120001-bbbbb");
  end("gan-20260131-120000-aaaaa");
  EXPECT_EQ(open().cards_read(), 2u);
  const RunIndex index = open();
  EXPECT_EQ(index.cards_read(), 0u);
  EXPECT_EQ(index.runs().size(), 2u);
  EXPECT_EQ(index.runs().front().name, "gan-20260131-120001-bbbbb");
  EXPECT_EQ(index.runs().back().parameter("TRAINING.LEARNING_RATE"), "0.0002");
}

TEST_F(RunIndexTest, PassesOverWhatIsNoCard) {
  start("gan-20260131-120000-aaaaa");
  ASSERT_TRUE(store_->put("smflow/v1/started/2026-01/x.json", "{\"schema\":\"other\"}"));
  ASSERT_TRUE(store_->put("smflow/v1/started/2026-01/y.json", "no json"));
  const std::string deep = R"({"schema":"smflow.card/1","id":"z","record":"r/z","params":{"a":)" +
                           std::string(400'000, '[') + std::string(400'000, ']') + "}}";
  ASSERT_TRUE(store_->put("smflow/v1/started/2026-01/z.json", deep));
  const RunIndex index = open();
  EXPECT_EQ(index.runs().size(), 1u);
  EXPECT_EQ(index.not_understood().size(), 3u);
}

TEST_F(RunIndexTest, PassesOverCardsThatPointElsewhere) {
  for (const char* record : {"r", "r/y", "r/../x", "/r/x", "", "x"}) {
    const std::string card = std::string(R"({"schema":"smflow.card/1","id":"x","record":")") + record + "\"}";
    ASSERT_TRUE(
        store_->put("smflow/v1/started/2026-01/" + std::to_string(std::hash<std::string>()(record)) + ".json", card));
  }
  const RunIndex index = open();
  EXPECT_EQ(index.runs().size(), 0u);
  EXPECT_EQ(index.not_understood().size(), 6u);
}

TEST_F(RunIndexTest, KeepsMetricsThatAreNoNumbers) {
  start("gan-20260131-120000-x7k2a");
  ASSERT_TRUE(
      store_->put("team/exp/configs/gan-20260131-120000-x7k2a/metrics/part-00000.jsonl",
                  "{\"step\":1,\"m\":{\"a\":1,\"b\":1}}\n{\"step\":2,\"m\":{\"a\":\"NaN\",\"b\":\"Infinity\"}}\n"));
  end("gan-20260131-120000-x7k2a");
  for (int from_cache = 0; from_cache < 2; ++from_cache) {
    const RunIndex index = open();
    EXPECT_TRUE(std::isnan(index.runs().front().metric("a")->last));
    EXPECT_EQ(index.runs().front().metric("a")->greatest, 1);
    EXPECT_EQ(index.runs().front().metric("b")->last, HUGE_VAL);
  }
}

TEST_F(RunIndexTest, TakesATimeThatCannotBeForNone) {
  ASSERT_TRUE(store_->put("smflow/v1/started/2026-01/x.json",
                          R"({"schema":"smflow.card/1","id":"x","record":"r/x","mode":"process",)"
                          R"("max_run_s":9223372036854775807})"));
  const RunIndex index = open();
  ASSERT_EQ(index.runs().size(), 1u);
  EXPECT_EQ(index.runs().front().max_run_time, std::chrono::seconds(0));
}

TEST_F(RunIndexTest, ReadsNothingFromADamagedCache) {
  start("gan-20260131-120000-aaaaa");
  EXPECT_EQ(open().cards_read(), 1u);
  for (const auto& entry : std::filesystem::directory_iterator(folder_ / "cache")) {
    std::string bytes = ::smflow::test::slurp(entry.path());
    for (std::size_t at = 0; at < bytes.size(); at += 7) {
      std::string damaged = bytes;
      damaged[at] = static_cast<char>(damaged[at] ^ 0x40);
      folder_.write("cache/" + entry.path().filename().string(), damaged);
      EXPECT_EQ(open().runs().size(), 1u) << at;
    }
  }
}

TEST_F(RunIndexTest, TakesALocalRunWithoutAnOutcomeForLostWhenItsTimeIsOver) {
  start("gan-20260131-120000-aaaaa");
  EXPECT_EQ(open().runs().front().state, RunState::open);
  const auto later = RunIndex::open(*store_, {.cache = {}, .now = noon + std::chrono::hours(27)});
  EXPECT_EQ(later->runs().front().state, RunState::lost);
}

TEST_F(RunIndexTest, FindsByBeginningByTailAndByAge) {
  start("gan-20260131-120000-aaaaa");
  start("gan-20260131-120001-bbbbb");
  const RunIndex index = open();
  EXPECT_EQ((*index.find("bb"))->name, "gan-20260131-120001-bbbbb");
  EXPECT_EQ((*index.find("gan-20260131-120000"))->name, "gan-20260131-120000-aaaaa");
  EXPECT_EQ((*index.find("latest~1"))->name, "gan-20260131-120000-aaaaa");
  EXPECT_EQ(index.find("gan").error().code, "E373");
  EXPECT_EQ(index.find("latest~2").error().code, "E372");
  EXPECT_EQ(index.find("").error().code, "E372");
}

class MonthListTest : public RunIndexTest {
 protected:
  static constexpr int runs = 230;

  static std::string name_of(int number) { return "gan-20260131-120000-n" + std::to_string(1000 + number); }
  // Their cards alone, as the first run's.
  void record(int from, int to) {
    if (card_.empty()) {
      start(name_of(0));
      end(name_of(0));
      card_ = *store_->get(key_of(0));
    }
    for (int number = std::max(from, 1); number < to; ++number) {
      std::string card = card_;
      for (std::size_t at = 0; (at = card.find("n1000", at)) != std::string::npos;) {
        card.replace(at, 5, "n" + std::to_string(1000 + number));
      }
      ASSERT_TRUE(store_->put(key_of(number), card));
    }
  }
  static std::string key_of(int number) { return "smflow/v1/ended/2026-01/31T120000Z~" + name_of(number) + ".json"; }
  // On a machine that has read nothing yet, a month later.
  RunIndex open_elsewhere(const std::string& machine) {
    auto index = RunIndex::open(*store_, {.cache = folder_ / machine, .now = noon + std::chrono::hours(24 * 40)});
    EXPECT_TRUE(index) << index.error().message;
    return *std::move(index);
  }
  std::size_t lists() { return store_->list("smflow/v1/months")->size(); }

 private:
  std::string card_;
};

TEST_F(MonthListTest, SparesANewMachineTheCardsOneByOne) {
  record(0, runs);
  EXPECT_EQ(open_elsewhere("first").cards_read(), 230u);
  EXPECT_EQ(lists(), 1u);
  const RunIndex second = open_elsewhere("second");
  EXPECT_EQ(second.cards_read(), 0u);
  ASSERT_EQ(second.runs().size(), 230u);
  const RunIndex first = open_elsewhere("first");
  for (std::size_t at = 0; at < 230; ++at) {
    const RunSummary& one = first.runs()[at];
    const RunSummary& other = second.runs()[at];
    EXPECT_EQ(one.name, other.name);
    EXPECT_EQ(one.parameters, other.parameters);
    EXPECT_EQ(one.changed, other.changed);
    EXPECT_EQ(one.state, other.state);
    EXPECT_EQ(one.duration({}), other.duration({}));
  }
}

TEST_F(MonthListTest, IsNotTrustedBeyondTheListing) {
  record(0, runs);
  open_elsewhere("first");
  ASSERT_TRUE(store_->remove(key_of(3)));
  record(runs, runs + 2);
  const RunIndex second = open_elsewhere("second");
  EXPECT_EQ(second.cards_read(), 2u);
  EXPECT_EQ(second.runs().size(), 231u);
  EXPECT_FALSE(second.find(name_of(3)));
}

TEST_F(MonthListTest, IsMadeAgainWhenManyRunsAreNotInIt) {
  record(0, runs);
  open_elsewhere("first");
  record(runs, runs + 10);
  open_elsewhere("first");
  EXPECT_EQ(lists(), 1u);
  record(runs + 10, 2 * runs);
  open_elsewhere("first");
  EXPECT_EQ(lists(), 2u);
  EXPECT_EQ(open_elsewhere("second").cards_read(), 0u);
}

TEST_F(MonthListTest, GoesWithARunThatIsRemoved) {
  record(0, runs);
  const RunIndex index = open_elsewhere("first");
  const auto keys = keys_of_cards(*store_, **index.find(name_of(3)));
  ASSERT_TRUE(keys);
  EXPECT_EQ(*keys, (std::vector<std::string>{key_of(3), store_->list("smflow/v1/months")->at(0).key}));
}

TEST_F(MonthListTest, MayBeDamaged) {
  record(0, runs);
  open_elsewhere("first");
  const std::string key = store_->list("smflow/v1/months")->at(0).key;
  const std::string bytes = *store_->get(key);
  for (const std::string& damaged : {bytes.substr(0, bytes.size() / 2), std::string("no gzip"), std::string()}) {
    ASSERT_TRUE(store_->put(key, damaged, false));
    EXPECT_EQ(open_elsewhere("machine-" + std::to_string(damaged.size())).runs().size(), 230u);
  }
}

TEST_F(RunIndexTest, LosesNothingOf50WritersAtOnce) {
  std::vector<std::thread> writers;
  for (int i = 0; i < 50; ++i) {
    writers.emplace_back([this, i] {
      const std::string name = "gan-20260131-120000-aaa" + std::to_string(10 + i);
      start(name, i);
      end(name);
    });
  }
  for (std::thread& writer : writers) writer.join();
  const RunIndex index = open();
  EXPECT_EQ(index.runs().size(), 50u);
  for (const RunSummary& run : index.runs()) EXPECT_EQ(run.state, RunState::succeeded) << run.name;
}

TEST_F(RunIndexTest, HasOneWinnerAmongWritersOfOneName) {
  std::atomic<int> winners = 0;
  std::vector<std::thread> writers;
  for (int i = 0; i < 20; ++i) {
    writers.emplace_back([&] {
      const test::Recorded run = run_named("gan-20260131-120000-aaaaa", uri());
      const auto written = write_record(*store_, run.prefix, run.plan, run.input, noon);
      if (written) ++winners;
      EXPECT_EQ(written ? "E142" : written.error().code, "E142");
    });
  }
  for (std::thread& writer : writers) writer.join();
  EXPECT_LE(winners, 1);
  EXPECT_EQ(open().runs().size(), 1u);
}

TEST_F(RunIndexTest, WritesAnOutcomeOnce) {
  start("gan-20260131-120000-aaaaa");
  end("gan-20260131-120000-aaaaa");
  end("gan-20260131-120000-aaaaa", plan::JobStatus::Failed);
  EXPECT_EQ(open().runs().front().state, RunState::succeeded);
}

TEST_F(RunIndexTest, FindsARecordByTheNameOfTheRunAlone) {
  const std::string record = start("gan-20260131-120000-aaaaa");
  EXPECT_EQ(record_of(*store_, "gan-20260131-120000-aaaaa"), record);
  EXPECT_FALSE(record_of(*store_, "gan-20260131-120000-bbbbb"));
}

TEST(ReadRun, ReadsARecordOfTheVersionBeforeTheIndex) {
  const auto store = storage::open_store("file://" SMFLOW_SOURCE_DIR "/tests/data/runs/before_cards");
  const auto run = read_run(**store, "team/exp/configs/gan-20260131-120000-x7k2a");
  ASSERT_TRUE(run) << run.error().message;
  EXPECT_EQ(run->user, "ann");
  EXPECT_EQ(run->state, RunState::succeeded);
  EXPECT_TRUE(run->parameter("TRAINING.NUM_EPOCHS")->changed);
  EXPECT_TRUE(run->parameter("TRAINING.NUM_EPOCHS")->origin.empty());
  EXPECT_EQ(run->source.commit, "");
  EXPECT_EQ(run->duration({}), std::chrono::milliseconds(30'500));
}

TEST(ReadRun, RefusesWhatItDoesNotKnow) {
  const ::smflow::test::TemporaryFolder folder;
  folder.write("a/record.json", "{\"schema\":\"smflow.run/2\",\"run\":{\"id\":\"a\"}}");
  folder.write("b/record.json", "[1]");
  const auto store = storage::open_store("file://" + folder.path().string());
  EXPECT_EQ(read_run(**store, "a").error().code, "E371");
  EXPECT_EQ(read_run(**store, "b").error().code, "E371");
  EXPECT_EQ(read_run(**store, "c").error().code, "E370");
}

}  // namespace
}  // namespace smflow::records
