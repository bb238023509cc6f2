#include <cmath>
#include <cstdlib>
#include <map>

#include <gtest/gtest.h>

#include <smflow/base/terminal.hpp>
#include <smflow/base/unique_fd.hpp>

namespace smflow {
namespace {

struct ColorRow {
  const char* name;
  When wish;
  bool terminal;
  std::map<std::string, std::string> environment;
  bool color;
};
class Color : public testing::TestWithParam<ColorRow> {};

TEST_P(Color, FollowsTheConventions) {
  const ColorRow& row = GetParam();
  const auto lookup = [&](const char* name) -> std::optional<std::string> {
    const auto found = row.environment.find(name);
    return found == row.environment.end() ? std::nullopt : std::optional(found->second);
  };
  EXPECT_EQ(use_color(row.wish, row.terminal, lookup), row.color);
}

INSTANTIATE_TEST_SUITE_P(
    Wishes, Color,
    testing::Values(
        ColorRow{"OnATerminal", When::automatic, true, {}, true},
        ColorRow{"InAPipe", When::automatic, false, {}, false},
        ColorRow{"AlwaysInAPipe", When::always, false, {{"NO_COLOR", "1"}}, true},
        ColorRow{"NeverOnATerminal", When::never, true, {{"FORCE_COLOR", "1"}}, false},
        ColorRow{"NoColor", When::automatic, true, {{"NO_COLOR", "1"}}, false},
        ColorRow{"EmptyNoColorCountsNot", When::automatic, true, {{"NO_COLOR", ""}}, true},
        ColorRow{"NoColorBeatsForce", When::automatic, true, {{"NO_COLOR", "1"}, {"FORCE_COLOR", "1"}}, false},
        ColorRow{"ForceInAPipe", When::automatic, false, {{"FORCE_COLOR", "1"}}, true},
        ColorRow{"CliForceInAPipe", When::automatic, false, {{"CLICOLOR_FORCE", "1"}}, true},
        ColorRow{"ForceZeroCountsNot", When::automatic, false, {{"FORCE_COLOR", "0"}}, false},
        ColorRow{"DumbTerminal", When::automatic, true, {{"TERM", "dumb"}}, false},
        ColorRow{"ForceOnADumbTerminal", When::automatic, true, {{"TERM", "dumb"}, {"CLICOLOR_FORCE", "1"}}, true}),
    [](const auto& row) { return row.param.name; });

TEST(EnvironmentVariable, TellsEmptyFromMissing) {
  ::setenv("SMFLOW_TEST_VARIABLE", "", 1);
  EXPECT_EQ(environment_variable("SMFLOW_TEST_VARIABLE"), "");
  ::unsetenv("SMFLOW_TEST_VARIABLE");
  EXPECT_EQ(environment_variable("SMFLOW_TEST_VARIABLE"), std::nullopt);
}

TEST(ProgressBar, FillsInEighths) {
  EXPECT_EQ(progress_bar(0, 10, 4), "    ");
  EXPECT_EQ(progress_bar(10, 10, 4), "████");
  EXPECT_EQ(progress_bar(5, 10, 4), "██  ");
  EXPECT_EQ(progress_bar(1, 32, 4), "▏   ");
  EXPECT_EQ(progress_bar(31, 32, 4), "███▉");
}

TEST(ProgressBar, IsCalmWhenTheNumbersAreNot) {
  EXPECT_EQ(progress_bar(20, 10, 3), "███");
  EXPECT_EQ(progress_bar(-5, 10, 3), "   ");
  EXPECT_EQ(progress_bar(1, 0, 3), "   ");
  EXPECT_EQ(progress_bar(std::nan(""), 10, 3), "   ");
  EXPECT_EQ(progress_bar(1, std::nan(""), 3), "   ");
  EXPECT_EQ(progress_bar(INFINITY, 10, 3), "███");
  EXPECT_EQ(progress_bar(1, 2, 0), "");
}

// A stream in memory stands for the terminal.
class ScreenText : public testing::Test {
 protected:
  ScreenText() : stream_(open_memstream(&text_, &size_)) {}
  ~ScreenText() override {
    std::fclose(stream_);
    std::free(text_);
  }
  std::string shown() {
    std::fflush(stream_);
    return {text_, size_};
  }

  char* text_ = nullptr;
  std::size_t size_ = 0;
  std::FILE* stream_;
};

TEST_F(ScreenText, ALineErasesTheLiveLineFirst) {
  Screen screen(stream_, true, false);
  screen.live("50 %");
  screen.line("epoch 1");
  screen.line("epoch 2");
  EXPECT_EQ(shown(), "\r\x1b[K50 %\r\x1b[Kepoch 1\nepoch 2\n");
}

TEST_F(ScreenText, TheLiveLineIsDrawnAtMostTenTimesASecond) {
  Screen screen(stream_, true, false);
  for (int i = 0; i < 1000; ++i) screen.live("x");
  EXPECT_LT(shown().size(), 1000 * std::string("\r\x1b[Kx").size() / 2);
}

TEST_F(ScreenText, TheLiveLineGoesWithTheScreen) {
  { Screen(stream_, true, false).live("half"); }
  EXPECT_EQ(shown(), "\r\x1b[Khalf\r\x1b[K");
}

TEST_F(ScreenText, APipeNeverSeesTheLiveLine) {
  Screen screen(stream_, false, false);
  screen.live("50 %");
  screen.clear_live();
  screen.line("done");
  EXPECT_EQ(shown(), "done\n");
}

TEST_F(ScreenText, ALongLiveLineIsCutToTheWidth) {
  { Screen(stream_, true, false).live(std::string(300, 'x')); }
  EXPECT_EQ(shown(), "\r\x1b[K" + std::string(79, 'x') + "\r\x1b[K");
}

TEST_F(ScreenText, PaintsOnlyWithColors) {
  EXPECT_EQ(Screen(stream_, true, true).paint("31", "x"), "\x1b[31mx\x1b[0m");
  EXPECT_EQ(Screen(stream_, true, false).paint("31", "x"), "x");
}

TEST(UniqueFdTest, ClosesWhatItOwnsOnce) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const UniqueFd reader(ends[0]);
  {
    UniqueFd writer(ends[1]);
    UniqueFd moved = std::move(writer);
    EXPECT_FALSE(writer);  // NOLINT(bugprone-use-after-move): what a moved-from one must be
    EXPECT_EQ(moved.get(), ends[1]);
  }
  char byte;
  EXPECT_EQ(::read(reader.get(), &byte, 1), 0) << "the writing end is closed";
}

TEST(UniqueFdTest, GivesUpWhatItReleases) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  UniqueFd reader(ends[0]);
  EXPECT_EQ(reader.release(), ends[0]);
  EXPECT_FALSE(reader);
  EXPECT_EQ(::close(ends[0]), 0);
  EXPECT_EQ(::close(ends[1]), 0);
}

}  // namespace
}  // namespace smflow
