#include <atomic>
#include <barrier>
#include <mutex>
#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>

#include <smflow/base/parallel.hpp>

namespace smflow {
namespace {

const Error refused{.code = "E900", .exit = ExitCode::machine, .message = "refused"};

TEST(InParallel, CallsEachIndexOnce) {
  for (const int threads : {0, 1, 3, 40}) {
    std::vector<std::atomic<int>> calls(20);
    ASSERT_TRUE(in_parallel(calls.size(), threads, {}, [&](std::size_t i, const std::stop_token&) -> Result<void> {
      ++calls[i];
      return {};
    }));
    for (const auto& count : calls) EXPECT_EQ(count, 1) << threads;
  }
}

TEST(InParallel, UsesSoManyThreadsAtOnce) {
  std::barrier all(4);  // waits for ever with fewer
  EXPECT_TRUE(in_parallel(4, 4, {}, [&](std::size_t, const std::stop_token&) -> Result<void> {
    all.arrive_and_wait();
    return {};
  }));
}

TEST(InParallel, StopsTheOthersAfterAFailure) {
  std::atomic<int> begun = 0;
  const auto done = in_parallel(1000, 2, {}, [&](std::size_t i, const std::stop_token& stop) -> Result<void> {
    ++begun;
    if (i == 1) return tl::unexpected(refused);
    while (!stop.stop_requested()) std::this_thread::yield();
    return {};
  });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().message, "refused");
  EXPECT_EQ(begun, 2);
}

TEST(InParallel, EndsWhenTheCallerAsks) {
  std::stop_source source;
  const auto work = [&](std::size_t i, const std::stop_token&) -> Result<void> {
    if (i == 3) source.request_stop();
    return {};
  };
  const auto done = in_parallel(10, 1, source.get_token(), work);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, "E904");
  EXPECT_EQ(done.error().exit, ExitCode::interrupted);
  EXPECT_FALSE(in_parallel(1, 1, source.get_token(), work));
}

TEST(InParallel, LetsExceptionsOut) {
  const auto work = [](std::size_t, const std::stop_token&) -> Result<void> { throw std::runtime_error("thrown"); };
  EXPECT_THROW((void)in_parallel(3, 2, {}, work), std::runtime_error);
}

TEST(InParallel, HasNothingToDoForNothing) {
  EXPECT_TRUE(in_parallel(0, 4, {},
                          [](std::size_t, const std::stop_token&) -> Result<void> { return tl::unexpected(refused); }));
}

}  // namespace
}  // namespace smflow
