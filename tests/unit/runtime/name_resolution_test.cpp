#include <csignal>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <smflow/runtime/name_resolution.hpp>

namespace smflow::runtime {

using std::chrono::milliseconds;

TEST(NameResolution, TriesEachHostUntilItHasAnAddress) {
  SignalInbox signals;
  std::vector<std::string> asked;
  const auto ready = wait_for_hosts({"algo-1", "algo-2"}, signals, [&](const std::string& host) {
    asked.push_back(host);
    return host == "algo-1" || asked.size() >= 3;
  });
  EXPECT_TRUE(ready);
  EXPECT_THAT(asked, testing::ElementsAre("algo-1", "algo-2", "algo-2"));
}

TEST(NameResolution, GivesUpWithTheNameOfTheHost) {
  SignalInbox signals;
  const auto ready = wait_for_hosts(
      {"algo-2\x1b"}, signals, [](const std::string&) { return false; }, milliseconds(1));
  ASSERT_FALSE(ready);
  EXPECT_EQ(ready.error().code, "E227");
  EXPECT_THAT(ready.error().message, testing::HasSubstr("'algo-2\\x1b'"));
}

TEST(NameResolution, EndsAtOnceWhenTheJobIsStopped) {
  SignalInbox signals;
  for (const int signal : {SIGTERM, SIGINT}) {
    kill(getpid(), signal);
    const auto ready = wait_for_hosts({"algo-2"}, signals, [](const std::string&) { return false; });
    ASSERT_FALSE(ready);
    EXPECT_EQ(ready.error().code, "E230");
    EXPECT_EQ(static_cast<int>(ready.error().exit), 128 + signal);
  }
}

TEST(NameResolution, OtherSignalsDoNotEndTheWait) {
  SignalInbox signals;
  kill(getpid(), SIGUSR1);
  int tries = 0;
  EXPECT_TRUE(wait_for_hosts({"algo-2"}, signals, [&](const std::string&) { return ++tries == 2; }));
}

TEST(NameResolution, FindsThisMachine) {
  EXPECT_TRUE(resolves("localhost"));
  EXPECT_FALSE(resolves(""));
}

}  // namespace smflow::runtime
