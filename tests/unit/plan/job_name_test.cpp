#include <gtest/gtest.h>

#include <smflow/plan/job_name.hpp>

namespace smflow::plan {
namespace {

class CountingRandom : public RandomSource {
 public:
  std::uint64_t next() override { return value_++; }

 private:
  std::uint64_t value_ = 0;
};

WallTime afternoon() {
  return WallTime{std::chrono::milliseconds{1795439002118}};
}

TEST(JobName, TurnsTheOriginalProjectsNameIntoALegalOne) {
  CountingRandom random;
  EXPECT_EQ(make_job_name("gan_training", afternoon(), random), "gan-training-20261123-130322-01234");
}

struct Row {
  const char* name;
  const char* base;
  const char* expected;
};

class JobNameBase : public testing::TestWithParam<Row> {};

TEST_P(JobNameBase, BecomesLegal) {
  CountingRandom random;
  const std::string name = make_job_name(GetParam().base, afternoon(), random);
  EXPECT_EQ(name, std::string(GetParam().expected) + "-20261123-130322-01234");
  EXPECT_TRUE(is_legal_job_name(name));
}

INSTANTIATE_TEST_SUITE_P(Names, JobNameBase,
                         testing::Values(Row{"Short", "a", "a"}, Row{"Underscores", "__a__b__", "a-b"},
                                         Row{"DotAndSpace", "a.b c", "a-b-c"}, Row{"Empty", "", "job"},
                                         Row{"OnlyUnderscores", "___", "job"}, Row{"DashesAround", "--x--", "x"},
                                         Row{"NotAscii", "\xC3\xA9tude", "tude"},
                                         Row{"CutAtADash", "abcdefghijabcdefghijabcdefghijabcdefghij_tail",
                                             "abcdefghijabcdefghijabcdefghijabcdefghij"}),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(JobName, IsNeverLongerThanThePlatformAllows) {
  CountingRandom random;
  const std::string name = make_job_name(std::string(500, 'x'), afternoon(), random);
  EXPECT_EQ(name.size(), job_name_limit);
  EXPECT_TRUE(is_legal_job_name(name));
}

TEST(JobName, KnowsThePlatformsPattern) {
  for (const char* legal : {"a", "A-1", "a--b", "0"}) EXPECT_TRUE(is_legal_job_name(legal)) << legal;
  for (const char* illegal : {"", "-a", "a-", "a_b", "a.b", "a b"}) EXPECT_FALSE(is_legal_job_name(illegal)) << illegal;
  EXPECT_TRUE(is_legal_job_name(std::string(63, 'a')));
  EXPECT_FALSE(is_legal_job_name(std::string(64, 'a')));
}

}  // namespace
}  // namespace smflow::plan
