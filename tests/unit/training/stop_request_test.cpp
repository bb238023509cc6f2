#include <csignal>

#include <gtest/gtest.h>
#include <unistd.h>

#include <smflow/training/stop_request.hpp>

namespace smflow::training {
namespace {

TEST(StopRequest, RemembersTheFirstSignal) {
  const StopRequest stop;
  EXPECT_FALSE(stop.requested());
  std::raise(SIGTERM);
  EXPECT_TRUE(stop.requested());
  EXPECT_EQ(stop.signal(), SIGTERM);
}

TEST(StopRequest, LetsTheSecondSignalEndTheProcess) {
  EXPECT_EXIT(
      {
        const StopRequest stop;
        std::raise(SIGTERM);
        std::raise(SIGTERM);
        _exit(0);
      },
      testing::KilledBySignal(SIGTERM), "");
}

TEST(StopRequest, StartsAfreshAndPutsHandlersBack) {
  std::signal(SIGINT, SIG_IGN);
  {
    const StopRequest stop;
    std::raise(SIGINT);
    EXPECT_EQ(stop.signal(), SIGINT);
  }
  std::raise(SIGINT);  // ignored again
  const StopRequest again;
  EXPECT_FALSE(again.requested());
  std::signal(SIGINT, SIG_DFL);
}

}  // namespace
}  // namespace smflow::training
