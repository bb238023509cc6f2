#include "payload.hpp"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <smflow/board/render.hpp>

namespace smflow::board {

namespace {

Json parsed(const std::string& text) {
  return Json::parse(text);
}

Run run_with(std::size_t curves, std::size_t points) {
  auto detail = std::make_shared<Detail>();
  for (std::size_t i = 0; i < curves; ++i)
    detail->series.push_back({"m" + std::to_string(i), std::vector<Point>(points)});
  board::Run run;
  run.detail = detail;
  return run;
}

}  // namespace

TEST(ParameterTable, HoldsEveryNameAndValueOnce) {
  ParameterTable table;
  ParameterTable::Row first, second;
  table.set(first, "training:A.B", 1, false);
  table.set(first, "training:A.C", "x", true);
  table.set(second, "training:A.C", 1, true);
  EXPECT_THAT(table.names(), testing::ElementsAre("training:A.B", "training:A.C"));
  EXPECT_THAT(table.values(), testing::ElementsAre("1", "\"x\""));
  EXPECT_THAT(first, testing::ElementsAre(1u, 4u));
  EXPECT_THAT(second, testing::ElementsAre(0u, 2u));
}

TEST(Cards, GiveEveryRunAllColumns) {
  Board board;
  board::Run run;
  run.id = "a";
  run.created = WallTime(std::chrono::milliseconds(5));
  run.metrics = {{"loss", 1, 0.5, NAN}};
  board.runs = {run, run};
  board.runs[1].metrics = {{"other", INFINITY, -INFINITY, 0}};
  board.parameters.set(board.runs[1].parameters, "training:A.B", "</script>", true);
  const Json cards = parsed(cards_json(board));
  EXPECT_EQ(cards["runs"][0]["p"], Json({0}));
  EXPECT_EQ(cards["runs"][1]["p"], Json({2}));
  EXPECT_EQ(cards["values"][0], "</script>");
  EXPECT_EQ(cards["runs"][0]["m"], Json::parse(R"([[1.0, 0.5, "NaN"], null])"));
  EXPECT_EQ(cards["runs"][1]["m"], Json::parse(R"([null, ["Infinity", "-Infinity", 0.0]])"));
  EXPECT_EQ(cards["runs"][0]["created"], 5);
  EXPECT_EQ(cards["runs"][0]["ended"], nullptr);
  EXPECT_EQ(cards["runs"][0]["detail"], false);
}

TEST(Cards, OfNoRunsAreStillCards) {
  EXPECT_EQ(parsed(cards_json({}))["runs"], Json::array());
}

TEST(Cards, SurviveTextThatIsNotUtf8) {
  Board board;
  board::Run run;
  run.id = "a\xff";
  board.runs = {run};
  EXPECT_EQ(parsed(cards_json(board))["runs"][0]["id"], "a\xef\xbf\xbd");
}

TEST(DetailPayload, WritesDifferencesOfStepsAndTimes) {
  auto detail = std::make_shared<Detail>();
  detail->series = {{"a", {{10, 100.5, 1}, {20, 101.0, 2}, {40, 99.0, 3}}}};
  board::Run run;
  run.detail = detail;
  const Json series = parsed(detail_json(run))["series"][0];
  EXPECT_EQ(series["steps"], Json({10, 10, 20}));
  EXPECT_EQ(series["times"], Json({0, 500, -500}));
  EXPECT_EQ(series["values"], "AACAPwAAAEAAAEBA");
  EXPECT_EQ(series["total"], 3);
}

TEST(PictureType, IsThatOfTheBytesNotOfTheName) {
  EXPECT_EQ(picture_type("\x89PNG\r\n\x1a\n..."), "png");
  EXPECT_EQ(picture_type("\xff\xd8\xff\xe0"), "jpeg");
  EXPECT_EQ(picture_type("GIF89a"), "gif");
  EXPECT_EQ(picture_type("RIFF....WEBP"), "webp");
  EXPECT_EQ(picture_type("RIFF....WAVE"), "");
  EXPECT_EQ(picture_type("RIFF"), "");
  EXPECT_EQ(picture_type("<svg onload='x'>"), "");
  EXPECT_EQ(picture_type(""), "");
}

TEST(PointsEach, GivesTheRestOfShortCurvesToLongOnes) {
  const board::Run short_one = run_with(9, 100), long_one = run_with(1, 100'000);
  EXPECT_EQ(points_each({&short_one, &long_one}, 100'900), 100'000u);
  EXPECT_EQ(points_each({&short_one, &long_one}, 50'900), 50'000u);
  EXPECT_EQ(points_each({}, 1'000), 1'000u);
}

TEST(PointsEach, LeavesEveryCurveItsShape) {
  const board::Run run = run_with(100, 10'000);
  EXPECT_EQ(points_each({&run}, 100), 400u);
}

}  // namespace smflow::board
