#include "run_reader.hpp"
#include "support/temporary_folder.hpp"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <smflow/board/gather.hpp>

namespace smflow::board {

namespace {

const std::string png = "\x89PNG\r\n\x1a\npixels";

std::string record_of(const std::string& id, const std::string& created, const std::string& experiment) {
  return R"({"schema":"smflow.run/1","run":{"id":")" + id + R"(","experiment":")" + experiment + R"(","created":")" +
         created +
         R"("},"who":{"user":"ann","host":"lab-07"},
    "invocation":{"argv":["smflow","run","--set","A.B=two words"],"tool":{"name":"smflow","version":"0.1.0"}},
    "target":{"mode":"process","instance_type":"local","instance_count":2,"spot":true,"max_run_s":3600},
    "configs":{"effective":{"sagemaker":{"SAGEMAKER":{"INSTANCE_TYPE":"local"}},"training":{"TRAINING":{"LEARNING_RATE":0.0002,"NUM_EPOCHS":5}}},
      "changed":{"training:TRAINING.LEARNING_RATE":0.0002},"hash":"33"},
    "outputs":{"record":"file:///r","checkpoints":null,"model":"file:///m"},
    "replicate":{"command":"smflow run","exact":false,"why_not_exact":["the code"]}})";
}

constexpr const char* outcome =
    R"({"schema":"smflow.outcome/1","state":"failed","reason":"exit code 3","exit_code":3,
    "started":"2026-11-23T13:02:50.000Z","ended":"2026-11-23T13:03:50.500Z",
    "phases":[{"name":"Training","start":"2026-11-23T13:02:50.000Z","end":"2026-11-23T13:03:50.500Z","message":""}],
    "artifacts":[{"uri":"file:///r/out/model.tar.gz"}]})";

const WallTime now{std::chrono::seconds(1795439002)};  // 2026-11-23, about an hour after the runs below

class Gather : public testing::Test {
 protected:
  void add_run(const std::string& name, const std::string& created, const std::string& experiment = "team/exp") {
    folder.write(experiment + "/configs/" + name + "/record.json", record_of(name, created, experiment));
  }
  std::string key(const std::string& name, const std::string& file) { return "team/exp/configs/" + name + "/" + file; }
  Board gathered(GatherOptions options = {}) {
    EXPECT_TRUE(records::add_missing_cards(*store));
    Gatherer gatherer(*store, std::move(options));
    auto board = gatherer.gather(now);
    left_out = gatherer.left_out();
    EXPECT_TRUE(board);
    return *std::move(board);
  }

  test::TemporaryFolder folder;
  std::unique_ptr<storage::Store> store = *storage::open_store("file://" + folder.path().string());
  std::vector<Error> left_out;
  const std::string id = "gan-20261123-130245-7f3a2";
};

}  // namespace

TEST_F(Gather, ReadsWhatARecordSays) {
  add_run(id, "2026-11-23T13:02:45.118Z");
  folder.write(key(id, "outcome.json"), outcome);
  const Board board = gathered();
  ASSERT_EQ(board.runs.size(), 1u);
  const board::Run& run = board.runs[0];
  EXPECT_EQ(run.id, id);
  EXPECT_EQ(run.experiment, "team/exp");
  EXPECT_EQ(run.user, "ann");
  EXPECT_EQ(run.target, "local × 2, spot");
  EXPECT_EQ(run.state, "failed");
  EXPECT_EQ(format_utc(run.created), "2026-11-23T13:02:45.118Z");
  EXPECT_EQ(*run.ended - *run.started, std::chrono::milliseconds(60'500));
  ASSERT_TRUE(run.detail);
  EXPECT_EQ(run.detail->reason, "exit code 3");
  EXPECT_EQ(run.detail->command, "smflow run --set 'A.B=two words'");
  EXPECT_THAT(run.detail->why_not_exact, testing::ElementsAre("the code"));
  EXPECT_THAT(run.detail->artifacts,
              testing::ElementsAre(Named("record", "file:///r"), Named("model.tar.gz", "file:///r/out/model.tar.gz")));
}

TEST_F(Gather, TellsDefaultsFromWhatWasChanged) {
  add_run(id, "2026-11-23T13:02:45.118Z");
  const Board board = gathered();
  const std::vector<std::string>& names = board.parameters.names();
  ASSERT_EQ(names.size(), 3u);
  for (std::size_t i = 0; i < names.size(); ++i) {
    EXPECT_EQ((board.runs[0].parameters[i] - 1) & 1, names[i] == "training:TRAINING.LEARNING_RATE") << names[i];
  }
}

TEST_F(Gather, ReadsCurvesPicturesAndTheLog) {
  add_run(id, "2026-11-23T13:02:45.118Z");
  folder.write(key(id, "outcome.json"), outcome);
  folder.write(
      key(id, "metrics/metrics.jsonl"),
      "{\"step\":1,\"m\":{\"loss\":2}}\n{\"step\":1,\"event\":\"sample\",\"file\":\"samples/epoch-0010.png\"}\n");
  folder.write(key(id, "samples/epoch-0010.png"), png);
  folder.write(key(id, "samples/epoch-0002.png"), png);
  folder.write(key(id, "logs/algo-1.txt"), "first\n\x1b[31mred\n");
  const board::Run run = gathered().runs[0];
  ASSERT_EQ(run.metrics.size(), 1u);
  EXPECT_EQ(run.detail->series[0].points[0].value, 2);
  ASSERT_EQ(run.detail->samples.size(), 2u);
  EXPECT_EQ(run.detail->samples[0].epoch, 2);
  EXPECT_EQ(run.detail->samples[0].step, std::nullopt);
  EXPECT_EQ(run.detail->samples[1].step, 1);
  EXPECT_EQ(run.detail->samples[1].picture, png);
  EXPECT_EQ(run.detail->log.text, "first\n\\x1b[31mred\n");
  EXPECT_EQ(run.detail->log.left_out, 0u);
}

TEST_F(Gather, ShowsTheEndOfALongLog) {
  add_run(id, "2026-11-23T13:02:45.118Z");
  folder.write(key(id, "outcome.json"), outcome);
  std::string log;
  for (int i = 0; i < 20'000; ++i) log += "line " + std::to_string(i) + "\n";
  folder.write(key(id, "logs/algo-1.txt"), log);
  const Log shown = gathered().runs[0].detail->log;
  EXPECT_EQ(shown.left_out + shown.text.size(), log.size());
  EXPECT_LE(shown.text.size(), 32u << 10);
  EXPECT_THAT(shown.text, testing::StartsWith("line "));
  EXPECT_THAT(shown.text, testing::EndsWith("line 19999\n"));
}

TEST_F(Gather, ShowsTheEndOfALogOfAnySize) {
  constexpr std::uint64_t hole = 300u << 20;
  const std::string end = "\n" + std::string(40'000, '.') + "\nthe end\n";
  add_run(id, "2026-11-23T13:02:45.118Z");
  folder.write(key(id, "outcome.json"), outcome);
  folder.write(key(id, "metrics/metrics.jsonl"), "{\"step\":1,\"m\":{\"loss\":2}}\n");
  const std::filesystem::path log = folder.write(key(id, "logs/algo-1.txt"), "");
  std::filesystem::resize_file(log, hole);
  std::ofstream(log, std::ios::app) << end;
  const Log shown = gathered().runs[0].detail->log;
  EXPECT_EQ(shown.text, "the end\n");
  EXPECT_EQ(shown.left_out, hole + end.size() - shown.text.size());
  EXPECT_TRUE(left_out.empty());
}

TEST_F(Gather, LeavesOutWhatIsNoCardAndSaysSo) {
  add_run(id, "2026-11-23T13:02:45.118Z");
  folder.write("smflow/v1/started/2026-11/23T130245Z~broken.json", "{\"id\":");
  EXPECT_EQ(gathered().runs.size(), 1u);
  ASSERT_EQ(left_out.size(), 1u);
  EXPECT_EQ(left_out[0].code, "E341");
}

TEST_F(Gather, KeepsTheRowOfARunWhoseRecordIsBroken) {
  add_run(id, "2026-11-23T13:02:45.118Z");
  gathered();
  folder.write(key(id, "record.json"), "{\"run\":");
  const Board board = gathered();
  ASSERT_EQ(board.runs.size(), 1u);
  EXPECT_FALSE(board.runs[0].detail);
  ASSERT_EQ(left_out.size(), 1u);
  EXPECT_EQ(left_out[0].code, "E371");
}

TEST_F(Gather, OrdersByTimeAndDetailsTheNewestOnly) {
  add_run("gan-20261123-100000-aaaaa", "2026-11-23T10:00:00.000Z");
  add_run("gan-20261123-120000-bbbbb", "2026-11-23T12:00:00.000Z");
  add_run("abc-20261123-110000-ccccc", "2026-11-23T11:00:00.000Z");
  const Board board = gathered({.detailed = 2});
  ASSERT_EQ(board.runs.size(), 3u);
  EXPECT_EQ(board.runs[0].id, "gan-20261123-120000-bbbbb");
  EXPECT_EQ(board.runs[1].id, "abc-20261123-110000-ccccc");
  EXPECT_TRUE(board.runs[0].detail);
  EXPECT_TRUE(board.runs[1].detail);
  EXPECT_FALSE(board.runs[2].detail);
}

TEST_F(Gather, KeepsToTheExperiment) {
  add_run("gan-20261123-100000-aaaaa", "2026-11-23T10:00:00.000Z");
  add_run("gan-20261123-120000-bbbbb", "2026-11-23T12:00:00.000Z", "other");
  EXPECT_EQ(gathered({.experiment = "other"}).runs.size(), 1u);
  EXPECT_EQ(gathered().runs.size(), 2u);
}

TEST_F(Gather, CallsARunWithoutOutcomeRunningWhileItCanBe) {
  add_run("gan-20261123-130245-aaaaa", "2026-11-23T13:02:45.118Z");
  add_run("gan-20261101-130245-bbbbb", "2026-11-01T13:02:45.118Z");
  const Board board = gathered();
  EXPECT_EQ(board.runs[0].state, "running");
  EXPECT_EQ(board.runs[1].state, "lost");
}

TEST_F(Gather, ReadsAJobOfThisMachineWhileItRuns) {
  add_run(id, "2026-11-23T13:02:45.118Z");
  const test::TemporaryFolder work;
  work.write(id + "/algo-1/ml/output/data/metrics/metrics.jsonl", "{\"step\":7,\"m\":{\"loss\":2}}\n");
  work.write(id + "/algo-1/ml/output/data/samples/epoch-0001.png", png);
  work.write(id + "/algo-1.txt", "it runs\n");
  const board::Run run = gathered({.running = work.path()}).runs[0];
  EXPECT_EQ(run.state, "running");
  EXPECT_EQ(run.detail->series[0].points[0].step, 7);
  EXPECT_EQ(run.detail->samples[0].picture, png);
  EXPECT_EQ(run.detail->log.text, "it runs\n");
}

TEST_F(Gather, FollowsTheMetricsInTheLogOfAJobOfThisMachine) {
  add_run(id, "2026-11-23T13:02:45.118Z");
  const test::TemporaryFolder work;
  const auto losses = [&](Gatherer& gatherer, const std::string& log) {
    work.write(id + "/algo-1.txt", log);
    std::vector<double> values;
    const auto board = gatherer.gather(now);
    for (const Series& series : board->runs[0].detail->series) {
      EXPECT_EQ(series.name, "generator:loss");
      for (const Point& point : series.points) values.push_back(point.value);
    }
    return values;
  };
  ASSERT_TRUE(records::add_missing_cards(*store));
  Gatherer gatherer(*store, {.running = work.path()});
  EXPECT_THAT(losses(gatherer, "begins\n"), testing::IsEmpty());
  EXPECT_THAT(losses(gatherer, "begins\nLoss_G: 2.5\nLoss_G: 1."), testing::ElementsAre(2.5));
  EXPECT_THAT(losses(gatherer, "begins\nLoss_G: 2.5\nLoss_G: 1.25\n"), testing::ElementsAre(2.5, 1.25));
  EXPECT_THAT(losses(gatherer, "Loss_G: 7\n"), testing::ElementsAre(7)) << "it was started again";
  work.write(id + "/algo-1/ml/output/data/metrics/metrics.jsonl", "{\"step\":7,\"m\":{\"generator:loss\":3}}\n");
  EXPECT_THAT(losses(gatherer, "Loss_G: 7\nLoss_G: 8\n"), testing::ElementsAre(3)) << "the program's own are better";
}

TEST_F(Gather, ReadsTheMetricsOfARunThatHasEndedFromItsLog) {
  add_run(id, "2026-11-23T13:02:45.118Z");
  folder.write(key(id, "outcome.json"), outcome);
  folder.write(key(id, "logs/algo-1.txt"), "Loss_G: 2.5\nLoss_G: 1.25");
  const board::Run run = gathered().runs[0];
  ASSERT_EQ(run.detail->series.size(), 1u);
  EXPECT_EQ(run.detail->series[0].points[1].value, 1.25);
}

TEST_F(Gather, ReadsAllHostsOfAJobOfThisMachine) {
  add_run(id, "2026-11-23T13:02:45.118Z");
  const test::TemporaryFolder work;
  work.write(id + "/algo-1/ml/output/data/metrics/metrics.jsonl", "{\"step\":7,\"m\":{\"loss\":2}}\n");
  work.write(id + "/algo-2/ml/output/data/metrics/metrics.jsonl", "{\"step\":7,\"m\":{\"loss\":3}}\n");
  work.write(id + "/algo-2/ml/output/data/metrics/second.jsonl", "{\"step\":1,\"m\":{\"speed\":5}}\n");
  work.write(id + "/algo-2/ml/output/data/samples/epoch-0001.png", png);
  work.write(id + "/algo-3/ml/output/data/metrics/third.jsonl", "{\"step\":1,\"m\":{\"none\":5}}\n");
  work.write(id + "/algo-1.txt", "it runs\n");
  work.write(id + "/algo-2.txt", "here too\n");
  const board::Run run = gathered({.running = work.path()}).runs[0];
  ASSERT_EQ(run.detail->series.size(), 2u);
  EXPECT_EQ(run.detail->series[0].points[0].value, 2) << "the first host's file of a name";
  EXPECT_EQ(run.detail->series[1].name, "speed");
  EXPECT_EQ(run.detail->samples[0].picture, png);
  EXPECT_EQ(run.detail->log.text, "== logs/algo-1.txt ==\nit runs\n== logs/algo-2.txt ==\nhere too\n");
}

TEST_F(Gather, ReadsWhatHasEndedOnce) {
  add_run(id, "2026-11-23T13:02:45.118Z");
  folder.write(key(id, "outcome.json"), outcome);
  ASSERT_TRUE(records::add_missing_cards(*store));
  Gatherer gatherer(*store, {});
  ASSERT_EQ(gatherer.gather(now)->runs.size(), 1u);
  folder.write(key(id, "record.json"), "gone bad");
  EXPECT_EQ(gatherer.gather(now)->runs.size(), 1u);
  EXPECT_TRUE(gatherer.left_out().empty());
}

TEST_F(Gather, SeesTheEndOfARun) {
  add_run(id, "2026-11-23T13:02:45.118Z");
  ASSERT_TRUE(records::add_missing_cards(*store));
  Gatherer gatherer(*store, {});
  EXPECT_EQ(gatherer.gather(now)->runs[0].state, "running");
  folder.write(key(id, "outcome.json"), outcome);
  ASSERT_TRUE(records::add_missing_cards(*store));
  EXPECT_EQ(gatherer.gather(now)->runs[0].state, "failed");
}

RunFile picture(const std::string& name) {
  return {"samples/" + name, name, 10};
}

TEST(ChosenPictures, AreSpreadEvenlyWithTheLast) {
  std::vector<RunFile> pictures = {{"metrics/metrics.jsonl", "m", 10}};
  for (int i = 0; i < 100; ++i) pictures.push_back(picture(std::to_string(i)));
  std::uint64_t budget = 1'000;
  const auto chosen = chosen_pictures(pictures, 4, budget);
  ASSERT_EQ(chosen.size(), 4u);
  EXPECT_EQ(chosen[0].key, "0");
  EXPECT_EQ(chosen[1].key, "33");
  EXPECT_EQ(chosen[3].key, "99");
  EXPECT_EQ(budget, 960u);
}

TEST(ChosenPictures, KeepTheLastWhenTheBudgetEnds) {
  std::uint64_t budget = 25;
  const auto chosen = chosen_pictures({picture("a"), picture("b"), picture("c")}, 24, budget);
  ASSERT_EQ(chosen.size(), 2u);
  EXPECT_EQ(chosen[0].key, "b");
  EXPECT_EQ(chosen[1].key, "c");
  std::uint64_t none = 5;
  EXPECT_TRUE(chosen_pictures({picture("a")}, 24, none).empty());
}

}  // namespace smflow::board
