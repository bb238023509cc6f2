#include "scripted_logs.hpp"

#include <gtest/gtest.h>

#include <smflow/sagemaker/log_tail.hpp>

namespace smflow::sagemaker {
namespace {

constexpr int hosts = 16;
constexpr int lines_of_a_host = 62'500;

// 1,000,000 lines of 16 hosts, written while they are read, over a network that fails in every way at random.
TEST(LogTailProperty, LosesNoLineAndDoublesNoneWhateverFails) {
  test::FakeClock clock;
  std::mt19937 random{7};
  const auto chance = [&](unsigned percent) { return random() % 100 < percent; };
  ScriptedLogs logs(clock);
  std::vector<int> written(hosts, 0);
  const auto write_some = [&] {
    for (int host = 0; host < hosts; ++host) {
      const std::string start = written[host] < lines_of_a_host / 2 ? "1000" : "2000";  // restarted in the middle
      const std::string stream = "job/algo-" + std::to_string(host + 1) + "-" + start;
      for (unsigned n = random() % 300; n > 0 && written[host] < lines_of_a_host; --n) {
        logs.write(stream, written[host] / 3, "line " + std::to_string(written[host] / 2));  // also equal ones
        ++written[host];
      }
    }
  };
  logs.on_call = write_some;
  logs.streams_per_page = 5;
  logs.page_size = [&] { return std::size_t{1 + random() % 2000}; };
  logs.empty_page = [&] { return chance(10); };
  logs.fault = [&]() -> std::optional<aws::AwsError> {
    using Kind = aws::AwsError::Kind;
    if (random() % 500 == 0) ++logs.token_generation;
    if (!chance(5)) return std::nullopt;
    constexpr Kind kinds[] = {Kind::throttled, Kind::network, Kind::service, Kind::rejected};
    return aws::AwsError{.kind = kinds[random() % 4]};
  };
  Pace pace(clock, turns(clock), {});
  std::vector<std::vector<std::string>> read(hosts);
  LogTail tail(logs, pace, "job", {}, [&](std::string_view host, std::string_view line, WallTime) {
    read[static_cast<std::size_t>(std::stoi(std::string(host.substr(5))) - 1)].emplace_back(line);
  });
  for (int quiet = 0; quiet < 2;) {
    const auto poll = tail.poll();
    quiet = poll && poll->complete && !poll->news ? quiet + 1 : 0;
  }
  for (const auto& lines : read) {
    ASSERT_EQ(lines.size(), std::size_t{lines_of_a_host});
    for (int n = 0; n < lines_of_a_host; ++n) {
      ASSERT_EQ(lines[static_cast<std::size_t>(n)], "line " + std::to_string(n / 2));
    }
  }
  EXPECT_GT(logs.token_generation, 0);
  EXPECT_FALSE(exceeds_rate(logs.calls, 5));
}

}  // namespace
}  // namespace smflow::sagemaker
