#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <smflow/http/retry.hpp>

namespace smflow::http {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::IsEmpty;

class HalfRandom : public RandomSource {
 public:
  std::uint64_t next() override { return 1ull << 63; }
};

class Retry : public testing::Test {
 protected:
  Retried<int> run(std::vector<Assessment> outcomes, std::stop_token stop = {}) {
    std::size_t next = 0;
    return retry(
        tools_, stop, [&] { return static_cast<int>(next++); },
        [&](int outcome) { return outcomes[std::min<std::size_t>(outcome, outcomes.size() - 1)]; });
  }

  RetryQuota quota_;
  HalfRandom random_;
  std::vector<milliseconds> slept_;
  RetryTools tools_ = {.quota = quota_, .random = random_, .sleep = [this](milliseconds time, std::stop_token) {
                         slept_.push_back(time);
                         return true;
                       }};
};

TEST_F(Retry, DelaysDoubleWithJitterByClass) {
  tools_.policy.attempts = 4;
  EXPECT_EQ(run({{Verdict::transient}}).end, RetryEnd::attempts_used_up);
  EXPECT_THAT(slept_, ElementsAre(milliseconds(25), milliseconds(50), milliseconds(100)));
  slept_.clear();
  EXPECT_EQ(run({{Verdict::throttled}}).attempts, 4);
  EXPECT_THAT(slept_, ElementsAre(milliseconds(500), milliseconds(1000), milliseconds(2000)));
}

TEST_F(Retry, StopsAtSuccessAndAtFatal) {
  EXPECT_EQ(run({{Verdict::transient}, {Verdict::ok}}).end, RetryEnd::ok);
  EXPECT_EQ(run({{Verdict::fatal}}).attempts, 1);
}

TEST_F(Retry, GivesBackWhatASuccessfulRetryCost) {
  run({{Verdict::transient}, {Verdict::ok}});
  EXPECT_EQ(quota_.left(), RetryQuota::capacity);
  run({{Verdict::transient}});
  EXPECT_EQ(quota_.left(), RetryQuota::capacity - 28);
  run({{Verdict::ok}});
  EXPECT_EQ(quota_.left(), RetryQuota::capacity - 27);
}

TEST_F(Retry, FailsFastWhenTheQuotaIsDrained) {
  int faults = 0;
  while (run({{Verdict::transient}}).end != RetryEnd::quota_used_up) ++faults;
  EXPECT_EQ(faults, 17);
  EXPECT_EQ(slept_.size(), 35u);
}

TEST_F(Retry, AtOnceIsFreeButNotForEver) {
  const auto result = run({{Verdict::at_once}, {Verdict::ok}});
  EXPECT_EQ(result.attempts, 2);
  EXPECT_THAT(slept_, IsEmpty());
  EXPECT_EQ(quota_.left(), RetryQuota::capacity);
  EXPECT_EQ(run({{Verdict::at_once}}).attempts, 6);
}

TEST_F(Retry, EndsWithAStop) {
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(run({{Verdict::transient}}, stop.get_token()).end, RetryEnd::stopped);
  EXPECT_FALSE(sleep_unless_stopped(std::chrono::hours(1), stop.get_token()));
}

TEST(RetryQuota, IsSharedByThreads) {
  RetryQuota quota;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&] {
      for (int k = 0; k < 50; ++k) quota.take(1);
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(quota.left(), 100);
}

struct DelayRow {
  const char* name;
  Assessment assessment;
  int retry;
  int expected;
};
class Delay : public testing::TestWithParam<DelayRow> {};
TEST_P(Delay, IsAsTheRowSays) {
  const DelayRow& row = GetParam();
  EXPECT_EQ(retry_delay({}, row.assessment, row.retry, 0.5).count(), row.expected);
}
INSTANTIATE_TEST_SUITE_P(
    Http, Delay,
    testing::Values(DelayRow{"Capped", {Verdict::transient}, 30, 10'000},
                    DelayRow{"NeverOverflows", {Verdict::throttled}, 1'000'000, 10'000},
                    DelayRow{"RaisedByTheServer", {Verdict::transient, milliseconds(2000)}, 1, 2000},
                    DelayRow{"RaisedByFiveSecondsAtMost", {Verdict::transient, milliseconds(60'000)}, 1, 5025},
                    DelayRow{"NotLoweredByTheServer", {Verdict::throttled, milliseconds(1)}, 1, 500}),
    [](const auto& param) { return param.param.name; });

TEST(ServerDelay, IsReadFromBothHeaders) {
  const WallTime now{};
  EXPECT_EQ(server_delay_in({{"X-Amz-Retry-After", "1500"}, {"Retry-After", "9"}}, now), milliseconds(1500));
  EXPECT_EQ(server_delay_in({{"Retry-After", "2"}}, now), milliseconds(2000));
  EXPECT_EQ(server_delay_in({{"Retry-After", "Thu, 01 Jan 1970 00:00:07 GMT"}}, now), milliseconds(7000));
  EXPECT_EQ(server_delay_in({{"Retry-After", "99999999999999999999999"}}, now), std::chrono::hours(1));
  EXPECT_EQ(server_delay_in({{"Retry-After", "-3"}}, now), std::nullopt);
  EXPECT_EQ(server_delay_in({}, now), std::nullopt);
}

TEST(Verdicts, OfTransportErrorsRespectIdempotency) {
  using Kind = TransportError::Kind;
  EXPECT_EQ(verdict_of({Kind::connection_reused, ""}, true), Verdict::at_once);
  EXPECT_EQ(verdict_of({Kind::connection_reused, ""}, false), Verdict::fatal);
  EXPECT_EQ(verdict_of({Kind::broken, ""}, true), Verdict::transient);
  EXPECT_EQ(verdict_of({Kind::stalled, ""}, false), Verdict::fatal);
  EXPECT_EQ(verdict_of({Kind::connect, ""}, false), Verdict::transient);
  EXPECT_EQ(verdict_of({Kind::resolve, ""}, true), Verdict::fatal);
  EXPECT_EQ(verdict_of({Kind::tls, ""}, true), Verdict::fatal);
}

TEST(Verdicts, OfStatusAreByNumber) {
  for (int status : {500, 502, 503, 504}) EXPECT_EQ(verdict_of_status(status), Verdict::transient) << status;
  for (int status : {400, 403, 404, 412, 501}) EXPECT_EQ(verdict_of_status(status), Verdict::fatal) << status;
  EXPECT_EQ(verdict_of_status(429), Verdict::throttled);
  EXPECT_EQ(verdict_of_status(206), Verdict::ok);
}

}  // namespace
}  // namespace smflow::http
