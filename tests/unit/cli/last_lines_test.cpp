#include "last_lines.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace smflow::cli {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

class Counter : public plan::JobObserver {
 public:
  void on_status(const plan::StatusTransition&) override { ++statuses; }
  void on_log(std::string_view, std::string_view, WallTime) override { ++lines; }
  void on_notice(std::string_view) override { ++notices; }
  int statuses = 0;
  int lines = 0;
  int notices = 0;
};

class LastLinesTest : public testing::Test {
 protected:
  Counter view_;
  LastLines lines_{view_};
};

TEST_F(LastLinesTest, PassesEverythingOn) {
  lines_.on_status({});
  lines_.on_log("algo-1", "a", {});
  lines_.on_notice("b");
  EXPECT_EQ(view_.statuses + view_.lines + view_.notices, 3);
}

TEST_F(LastLinesTest, KeepsTheLastTenOfTheOnlyHost) {
  for (int i = 0; i < 25; ++i) lines_.on_log("algo-1", std::to_string(i), {});
  const auto kept = lines_.of_failed_host("AlgorithmError: , exit code: 1");
  EXPECT_THAT(kept, SizeIs(10));
  EXPECT_EQ(kept.back(), "24");
}

TEST_F(LastLinesTest, AreOfTheHostThatTheReasonNames) {
  lines_.on_log("algo-1", "Error of the first", {});
  lines_.on_log("algo-12", "of the twelfth", {});
  EXPECT_THAT(lines_.of_failed_host("host algo-12 was lost"), ElementsAre("algo-12 │ of the twelfth"));
  EXPECT_THAT(lines_.of_failed_host("host algo-1"), ElementsAre("algo-1 │ Error of the first"));
}

TEST_F(LastLinesTest, AreOfTheHostThatSpeaksOfAnErrorWhenNoneIsNamed) {
  lines_.on_log("algo-1", "fine", {});
  lines_.on_log("algo-2", "Traceback (most recent call last):", {});
  lines_.on_log("algo-3", "waiting for algo-2", {});
  EXPECT_THAT(lines_.of_failed_host("AlgorithmError"), Each(StartsWith("algo-2 │ ")));
}

TEST_F(LastLinesTest, AreOfTheHostThatWroteLastOtherwise) {
  lines_.on_log("algo-2", "two", {});
  lines_.on_log("algo-1", "one", {});
  EXPECT_THAT(lines_.of_failed_host(""), ElementsAre("algo-1 │ one"));
}

TEST_F(LastLinesTest, AreNoneOfAJobWithoutALog) {
  EXPECT_THAT(lines_.of_failed_host("CapacityError"), IsEmpty());
}

}  // namespace
}  // namespace smflow::cli
