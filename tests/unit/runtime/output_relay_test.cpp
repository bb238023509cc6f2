#include "support/temporary_folder.hpp"

#include <csignal>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <smflow/runtime/output_relay.hpp>

namespace smflow::runtime {

namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;

// A relay into a file.
class OutputRelayTest : public testing::Test {
 protected:
  OutputRelayTest() : file_(folder_ / "out"), sink_(open(file_.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600)) {
    signal(SIGPIPE, SIG_IGN);
  }

  // The end that a program would hold; the relay's own copy is closed by start().
  static UniqueFd program_end(OutputRelay& relay) {
    const int end = relay.open();
    EXPECT_GE(end, 0);
    return UniqueFd(fcntl(end, F_DUPFD_CLOEXEC, 0));
  }

  static void put(const UniqueFd& fd, std::string_view text) {
    while (!text.empty()) {
      const ssize_t written = write(fd.get(), text.data(), text.size());
      ASSERT_GT(written, 0);
      text.remove_prefix(static_cast<std::size_t>(written));
    }
  }

  test::TemporaryFolder folder_;
  std::filesystem::path file_;
  UniqueFd sink_;
};

}  // namespace

TEST(Tail, KeepsTheEndFromTheBeginningOfALine) {
  Tail tail(10);
  const auto add = [&](std::string_view text) { tail.append(text.data(), text.size()); };
  EXPECT_EQ(tail.text(), "");
  add("short");
  EXPECT_EQ(tail.text(), "short");
  add("\nsecond\nthird\n");
  EXPECT_EQ(tail.text(), "third\n");
}

TEST(Tail, OfOneLongLineBeginsWithAWholeCharacter) {
  Tail tail(5);
  const std::string text = "ééééé";
  tail.append(text.data(), text.size());
  EXPECT_EQ(tail.text(), "éé");
  tail.append("abcdefghijkl", 12);
  EXPECT_EQ(tail.text(), "hijkl");
}

TEST(Tail, IsTheSameHoweverTheTextArrives) {
  std::string text;
  for (int i = 0; i < 200; ++i) text += "line " + std::to_string(i) + "\n";
  for (const std::size_t step : {1, 3, 50, 64, 65, 1000}) {
    Tail tail(64);
    for (std::size_t at = 0; at < text.size(); at += step) {
      tail.append(text.data() + at, std::min(step, text.size() - at));
    }
    const std::string kept = tail.text();
    EXPECT_LE(kept.size(), 64u);
    EXPECT_EQ(kept.substr(0, 5), "line ") << step;
    EXPECT_EQ(text.substr(text.size() - kept.size()), kept);
    EXPECT_GT(kept.size(), 45u) << step;
  }
}

TEST_F(OutputRelayTest, CopiesEverythingAndKeepsTheEnd) {
  OutputRelay relay(sink_.get());
  UniqueFd program = program_end(relay);
  relay.start();
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += "line " + std::to_string(i) + "\n";
  put(program, text);
  program.reset();
  ASSERT_TRUE(relay.finished(minutes(1)));
  const std::string tail = relay.stop(minutes(1));
  EXPECT_EQ(test::slurp(file_), text);
  EXPECT_EQ(text.substr(text.size() - tail.size()), tail);
  EXPECT_GT(tail.size(), OutputRelay::tail_bytes / 2);
}

TEST_F(OutputRelayTest, DoesNotWaitForADaemonThatHoldsTheEnd) {
  OutputRelay relay(sink_.get());
  const UniqueFd daemon = program_end(relay);
  relay.start();
  put(daemon, "last words\n");
  EXPECT_FALSE(relay.finished(milliseconds(1)));
  EXPECT_EQ(relay.stop(minutes(1)), "last words\n");
  EXPECT_EQ(test::slurp(file_), "last words\n");
}

TEST_F(OutputRelayTest, GivesUpASinkThatNobodyReads) {
  int ends[2];
  ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
  UniqueFd reader(ends[0]);
  const UniqueFd sink(ends[1]);
  OutputRelay relay(sink.get());
  UniqueFd program = program_end(relay);
  relay.start();
  put(program, std::string(200'000, 'x') + "\nthe end\n");
  program.reset();
  const std::string tail = relay.stop(milliseconds(50));
  EXPECT_LE(tail.size(), 2 * OutputRelay::tail_bytes);
  reader.reset();
  EXPECT_TRUE(relay.finished(minutes(1))) << "the thread that was left behind ends with its reader";
}

TEST_F(OutputRelayTest, GoesOnWhenTheReaderIsGone) {
  int ends[2];
  ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
  UniqueFd reader(ends[0]);
  const UniqueFd sink(ends[1]);
  reader.reset();
  OutputRelay relay(sink.get());
  UniqueFd program = program_end(relay);
  relay.start();
  put(program, std::string(3 << 20, 'x') + "\nthe end\n");
  program.reset();
  ASSERT_TRUE(relay.finished(minutes(1)));
  EXPECT_EQ(relay.stop(minutes(1)), "the end\n");
}

TEST_F(OutputRelayTest, EndsWithItsObject) {
  UniqueFd program;
  {
    OutputRelay relay(sink_.get());
    program = program_end(relay);
    relay.start();
  }
  SUCCEED();
}

}  // namespace smflow::runtime
