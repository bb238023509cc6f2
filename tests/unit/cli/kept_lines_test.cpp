#include "kept_lines.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace smflow::cli {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

struct Line {
  std::string host;
  std::string text;
  WallTime time;
  bool operator==(const Line&) const = default;
};

class Lines : public plan::SilentObserver {
 public:
  void on_log(std::string_view host, std::string_view line, WallTime time) override {
    all.push_back({std::string(host), std::string(line), time});
  }
  std::vector<Line> all;
};

class Service : public plan::TrainingService {
 public:
  Result<void> submit(const plan::JobPlan&) override { return {}; }
  Result<plan::JobDescription> describe(const std::string&) override { return ++asked, plan::JobDescription{}; }
  Result<void> stop(const std::string&) override { return {}; }
  Result<plan::JobDescription> follow(const std::string&, plan::JobObserver&) override {
    return ++asked, plan::JobDescription{};
  }
  int asked = 0;
};

TEST(KeptLines, ComeAgainAsTheyWerePassedOn) {
  KeptLines kept;
  Lines seen;
  LineKeeper keeper(seen, kept);
  keeper.on_log("algo-1", "", WallTime(1s));
  keeper.on_log("algo-12", std::string("two\nof \0 it", 11), WallTime(2s));
  ASSERT_EQ(seen.all.size(), 2u);
  for (int time = 0; time < 2; ++time) {
    Lines again;
    EXPECT_TRUE(kept.replay(again));
    EXPECT_EQ(again.all, seen.all);
  }
}

TEST(ReadJob, IsFollowedWithoutAskingItsService) {
  KeptLines kept;
  kept.add("algo-1", "loss: 0.5", WallTime(1s));
  Service service;
  plan::JobDescription job;
  job.status = plan::JobStatus::Completed;
  Lines seen;
  ReadJob read(service, job, kept);
  EXPECT_EQ(read.describe("job")->status, plan::JobStatus::Completed);
  EXPECT_EQ(read.follow("job", seen)->status, plan::JobStatus::Completed);
  EXPECT_THAT(seen.all, ElementsAre(Line{"algo-1", "loss: 0.5", WallTime(1s)}));
  EXPECT_EQ(service.asked, 0);
}

}  // namespace
}  // namespace smflow::cli
