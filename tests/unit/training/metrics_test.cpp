#include "support/temporary_folder.hpp"

#include <array>
#include <cmath>
#include <regex>

#include <gtest/gtest.h>

#include <smflow/base/text.hpp>
#include <smflow/training/metrics.hpp>

namespace smflow::training {
namespace {

class FixedClock : public Clock {
 public:
  WallTime now() const override { return WallTime(std::chrono::milliseconds(1795439002118)); }
  SteadyTime steady_now() const override { return {}; }
};

std::array<NamedValue, 5> gan_values(std::array<double, 5> v) {
  return {{{"Loss_D", v[0]}, {"Loss_G", v[1]}, {"D(x)", v[2]}, {"D(G(z))_before", v[3]}, {"D(G(z))_after", v[4]}}};
}

TEST(ProgressLine, HasTheFormOfTheOriginal) {
  const auto values = gan_values({0.412, 2.141, 0.71, 0.21, 0.1});
  EXPECT_EQ(progress_line(1, 5, 20, 57, values),
            "[1/5][20/57] Loss_D: 0.4120 Loss_G: 2.1410 D(x): 0.7100 D(G(z))_before: 0.2100 D(G(z))_after: 0.1000");
}

TEST(ProgressLine, HasNoTabWhichLogsWouldShowAsACode) {
  EXPECT_EQ(progress_line(1, 5, 20, 57, gan_values({1, 2, 3, 4, 5})).find('\t'), std::string::npos);
}

// The regular expressions of the job's metric definitions.
class MetricDefinition : public testing::TestWithParam<std::array<double, 5>> {};

TEST_P(MetricDefinition, FindsAllFiveValues) {
  const std::string number = R"(([-+]?[0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]+)?))";
  const std::array<std::string, 5> names = {"Loss_D: ", "Loss_G: ", R"(D\(x\): )", R"(D\(G\(z\)\)_before: )",
                                            R"(D\(G\(z\)\)_after: )"};
  const std::string line = progress_line(12, 500, 7, 1583, gan_values(GetParam())) + " | 120 images/s";
  for (std::size_t i = 0; i < names.size(); ++i) {
    std::smatch match;
    ASSERT_TRUE(std::regex_search(line, match, std::regex(names[i] + number))) << line;
    const double expected = GetParam()[i];
    EXPECT_NEAR(std::stod(match[1]), expected, std::max(5.1e-5, std::abs(expected) * 1e-4)) << line;
    if (expected != 0) {
      EXPECT_NE(std::stod(match[1]), 0) << "the value is hidden: " << line;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Values, MetricDefinition,
                         testing::Values(std::array<double, 5>{0.41, 2.1, 0.7, 0.2, 0.1},
                                         std::array<double, 5>{1e-7, 3.2e-5, 9.99e-4, 1e-12, 0},
                                         std::array<double, 5>{100, 57.25, 1, 0, 1},
                                         std::array<double, 5>{-0.5, -1e-6, -12345.678, 1e12, 2.5e30}));

TEST(ProgressLine, GivesNoPointForWhatIsNoNumber) {
  const std::string line = progress_line(1, 1, 1, 1, gan_values({std::nan(""), INFINITY, 0, 0, 0}));
  EXPECT_FALSE(std::regex_search(line, std::regex("Loss_D: ([-+]?[0-9]*\\.?[0-9]+)"))) << line;
  EXPECT_FALSE(std::regex_search(line, std::regex("Loss_G: ([-+]?[0-9]*\\.?[0-9]+)"))) << line;
}

TEST(MetricsFile, WritesOneObjectALine) {
  const test::TemporaryFolder folder;
  const FixedClock clock;
  auto file = MetricsFile::open(folder / "metrics/metrics.jsonl", clock);
  ASSERT_TRUE(file) << file.error().message;
  const std::array<NamedValue, 2> values = {{{"generator/loss", 2.141}, {"d/real", 0.1f}}};
  ASSERT_TRUE(file->scalars(150, 1, values));
  ASSERT_TRUE(file->event(3900, "sample", "samples/epoch-0001.png"));
  EXPECT_EQ(test::slurp(folder / "metrics/metrics.jsonl"),
            R"({"v":1,"t":1795439002.118,"step":150,"epoch":1,"m":{"generator/loss":2.141,"d/real":0.100000001}})"
            "\n"
            R"({"v":1,"t":1795439002.118,"step":3900,"event":"sample","file":"samples/epoch-0001.png"})"
            "\n");
}

TEST(MetricsFile, WritesEventsWithoutAFile) {
  const test::TemporaryFolder folder;
  const FixedClock clock;
  auto file = MetricsFile::open(folder / "m.jsonl", clock);
  ASSERT_TRUE(file);
  ASSERT_TRUE(file->event(130, "resume"));
  EXPECT_EQ(test::slurp(folder / "m.jsonl"), "{\"v\":1,\"t\":1795439002.118,\"step\":130,\"event\":\"resume\"}\n");
}

TEST(MetricsFile, SaysNotANumberInWords) {
  const test::TemporaryFolder folder;
  const FixedClock clock;
  auto file = MetricsFile::open(folder / "m.jsonl", clock);
  ASSERT_TRUE(file);
  const std::array<NamedValue, 3> values = {{{"a", std::nan("")}, {"b", INFINITY}, {"c", -INFINITY}}};
  ASSERT_TRUE(file->scalars(1, 1, values));
  EXPECT_NE(test::slurp(folder / "m.jsonl").find(R"("m":{"a":"NaN","b":"Infinity","c":"-Infinity"})"),
            std::string::npos);
}

TEST(MetricsFile, BringsEveryFloatBack) {
  const test::TemporaryFolder folder;
  const FixedClock clock;
  auto file = MetricsFile::open(folder / "m.jsonl", clock);
  ASSERT_TRUE(file);
  const std::array<float, 5> floats = {0.1f, 1e-38f, 3.4028235e38f, -7.0064923e-45f, 16777217.0f};
  for (const float value : floats) {
    const std::array<NamedValue, 1> values = {{{"a", value}}};
    ASSERT_TRUE(file->scalars(1, 1, values));
  }
  const auto lines = split(test::slurp(folder / "m.jsonl"), '\n');
  for (std::size_t i = 0; i < floats.size(); ++i) {
    EXPECT_EQ(static_cast<float>(Json::parse(lines[i])["m"]["a"].get<double>()), floats[i]);
  }
}

TEST(MetricsFile, ReplacesAnOlderRun) {
  const test::TemporaryFolder folder;
  const FixedClock clock;
  folder.write("m.jsonl", "{\"v\":1,\"t\":1,\"step\":5,\"event\":\"old\",\"file\":\"\"}\n");
  ASSERT_TRUE(MetricsFile::open(folder / "m.jsonl", clock));
  EXPECT_EQ(test::slurp(folder / "m.jsonl"), "");
}

TEST(MetricsFile, KeepsWhatAResumedRunDoesNotRepeat) {
  const test::TemporaryFolder folder;
  const FixedClock clock;
  const std::string line_10 = "{\"v\":1,\"t\":1,\"step\":10,\"epoch\":1,\"m\":{}}\n";
  folder.write(
      "m.jsonl",
      line_10 + "{\"v\":1,\"t\":1,\"step\":11,\"epoch\":1,\"m\":{}}\nno json\n{\"step\":\"x\"}\n{\"v\":1,\"st");
  ASSERT_TRUE(MetricsFile::open(folder / "m.jsonl", clock, 10));
  EXPECT_EQ(test::slurp(folder / "m.jsonl"), line_10);
}

TEST(MetricsFile, ReportsAFolderThatCannotBeMade) {
  const test::TemporaryFolder folder;
  const FixedClock clock;
  folder.write("file", "");
  EXPECT_FALSE(MetricsFile::open(folder / "file/m.jsonl", clock));
}

}  // namespace
}  // namespace smflow::training
