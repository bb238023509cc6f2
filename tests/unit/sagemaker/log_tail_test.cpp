#include "scripted_logs.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <smflow/sagemaker/log_tail.hpp>

namespace smflow::sagemaker {
namespace {

using testing::ElementsAre;
using Kind = aws::AwsError::Kind;

class LogTailTest : public testing::Test {
 protected:
  LogTail tail(LogSelection selection = {}) {
    return {logs_, pace_, "job", std::move(selection), [this](std::string_view host, std::string_view line, WallTime) {
              lines_.push_back(std::string(host) + " " + std::string(line));
            }};
  }

  test::FakeClock clock_;
  ScriptedLogs logs_{clock_};
  Pace pace_{clock_, turns(clock_), {}};
  std::vector<std::string> lines_;
};

TEST_F(LogTailTest, WaitsForALogGroupThatIsNotThereYet) {
  LogTail one = tail();
  EXPECT_TRUE(one.poll()->complete);
  logs_.write("job/algo-1-10", 1, "first");
  EXPECT_TRUE(one.poll()->news);
  EXPECT_FALSE(one.poll()->news);
  EXPECT_THAT(lines_, ElementsAre("algo-1 first"));
}

TEST_F(LogTailTest, PutsTheHostsIntoTheOrderOfTime) {
  logs_.page_size = [] { return 1; };
  logs_.write("job/algo-1-10", 1, "a");
  logs_.write("job/algo-1-10", 4, "d");
  logs_.write("job/algo-2-10", 2, "b");
  logs_.write("job/algo-2-10", 3, "c");
  LogTail one = tail();
  EXPECT_TRUE(one.poll()->complete);
  EXPECT_THAT(lines_, ElementsAre("algo-1 a", "algo-2 b", "algo-2 c", "algo-1 d"));
}

TEST_F(LogTailTest, LeavesOtherJobsAndOtherStreamsAlone) {
  for (const char* stream : {"job-7/algo-1-10", "job/algo-1-10/ssm", "job/algo-x-10", "job/other"}) {
    logs_.write(stream, 1, "not ours");
  }
  LogTail one = tail();
  EXPECT_FALSE(one.poll()->news);
  EXPECT_THAT(lines_, ElementsAre());
}

TEST_F(LogTailTest, FollowsARestartIntoItsNewStreams) {
  logs_.write("job/algo-1-10", 1, "before");
  LogTail one = tail();
  ASSERT_TRUE(one.poll());
  logs_.write("job/algo-1-10", 2, "late");
  logs_.write("job/algo-1-90", 3, "after");
  ASSERT_TRUE(one.poll());
  EXPECT_THAT(lines_, ElementsAre("algo-1 before", "algo-1 late", "algo-1 after"));
}

TEST_F(LogTailTest, GoesOnWhereItWasAfterAFault) {
  logs_.write("job/algo-1-10", 1, "a");
  logs_.write("job/algo-2-10", 2, "b");
  LogTail one = tail();
  int call = 0;
  logs_.fault = [&]() -> std::optional<aws::AwsError> {
    if (++call != 3) return std::nullopt;
    return aws::AwsError{.kind = Kind::throttled};
  };
  EXPECT_EQ(one.poll().error().kind, Kind::throttled);
  EXPECT_TRUE(one.poll()->complete);
  EXPECT_THAT(lines_, ElementsAre("algo-1 a", "algo-2 b"));
}

TEST_F(LogTailTest, StartsOverWhenATokenIsTooOldAndSkipsWhatItHas) {
  logs_.write("job/algo-1-10", 1, "same");
  logs_.write("job/algo-1-10", 1, "same");
  LogTail one = tail();
  ASSERT_TRUE(one.poll());
  ++logs_.token_generation;
  logs_.write("job/algo-1-10", 1, "same");
  logs_.write("job/algo-1-10", 2, "new");
  ASSERT_TRUE(one.poll()->complete);
  EXPECT_THAT(lines_, ElementsAre("algo-1 same", "algo-1 same", "algo-1 same", "algo-1 new"));
}

TEST_F(LogTailTest, HandsOutTheChosenHostsAndTimes) {
  logs_.write("job/algo-1-10", 1, "old");
  logs_.write("job/algo-1-10", 5, "new");
  logs_.write("job/algo-2-10", 5, "other");
  LogTail one = tail({.since = WallTime{std::chrono::milliseconds{5}}, .hosts = {"algo-1"}});
  ASSERT_TRUE(one.poll());
  EXPECT_THAT(lines_, ElementsAre("algo-1 new"));
}

TEST_F(LogTailTest, ShowsNothingOlderThanAskedForWhateverTheTokensSay) {
  logs_.forgets_start_time = true;
  logs_.write("job/algo-1-10", 1, "old");
  LogTail one = tail({.since = WallTime{std::chrono::milliseconds{5}}});
  ASSERT_TRUE(one.poll());
  logs_.write("job/algo-1-10", 5, "new");
  ASSERT_TRUE(one.poll());
  EXPECT_THAT(lines_, ElementsAre("algo-1 new"));
}

TEST_F(LogTailTest, ReturnsBetweenThePagesOfAStreamWithoutAnEnd) {
  logs_.write("job/algo-1-10", 1, "a");
  logs_.empty_page = [] { return true; };
  LogTail one = tail();
  EXPECT_FALSE(one.poll()->complete);
  logs_.empty_page = [] { return false; };
  EXPECT_TRUE(one.poll()->complete);
  EXPECT_THAT(lines_, ElementsAre("algo-1 a"));
}

TEST_F(LogTailTest, PutsTabsBackAndLeavesColoursAlone) {
  logs_.write("job/algo-1-10", 1, "a#011b #033[1m #000000 #033a5f #01");
  LogTail one = tail();
  ASSERT_TRUE(one.poll());
  EXPECT_THAT(lines_, ElementsAre("algo-1 a\tb \033[1m #000000 #033a5f #01"));
}

}  // namespace
}  // namespace smflow::sagemaker
