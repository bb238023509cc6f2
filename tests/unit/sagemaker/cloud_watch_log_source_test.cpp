#include "scripted_logs.hpp"
#include "support/fake_transport.hpp"

#include <gtest/gtest.h>

#include <smflow/sagemaker/log_tail.hpp>

namespace smflow::sagemaker {
namespace {

// The shortest pauses that there are.
class Zero : public RandomSource {
 public:
  std::uint64_t next() override { return 0; }
};

TEST(CloudWatchLogs, AreAskedFiveTimesASecondAtMostAlsoWhenCallsAreRepeated) {
  test::FakeClock clock;
  test::FakeTransport transport;
  std::vector<SteadyTime> attempts;
  transport.otherwise = [&](const auto&) -> test::FakeTransport::Sent {
    attempts.push_back(clock.steady_now());
    if (attempts.size() % 3 != 0) return http::Response{500, {}, "{}"};
    return http::Response{200, {}, R"({"logStreams": []})"};
  };
  Zero random;
  aws::FixedCredentials credentials{{"KEY", "secret"}};
  aws::Client client(
      aws::logs, "eu-west-1", {},
      {.transport = transport, .credentials = &credentials, .clock = clock, .random = random, .sleep = turns(clock)});
  CloudWatchLogSource source(client, {});
  Pace pace(clock, turns(clock), {});
  LogTail tail(source, pace, "job", {}, [](std::string_view, std::string_view, WallTime) {});
  for (int poll = 0; poll < 5; ++poll) ASSERT_TRUE(tail.poll());
  EXPECT_EQ(attempts.size(), 15u);
  EXPECT_FALSE(exceeds_rate(attempts, 5));
}

}  // namespace
}  // namespace smflow::sagemaker
