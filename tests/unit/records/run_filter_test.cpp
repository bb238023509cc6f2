#include <cmath>

#include <gtest/gtest.h>

#include <smflow/records/run_filter.hpp>

namespace smflow::records {
namespace {

RunSummary sample() {
  RunSummary run;
  run.experiment = "team/gan/v2";
  run.user = "ann";
  run.state = RunState::succeeded;
  run.parameters = {{"sagemaker:SAGEMAKER.INSTANCE_TYPE", "\"ml.g5.xlarge\""},
                    {"training:GENERATOR.LATENT_SIZE", "100"},
                    {"training:TRAINING.LEARNING_RATE", "0.0002"}};
  run.metrics = {{.name = "generator/loss", .last = 2.5}};
  return run;
}

bool holds(const std::string& text) {
  const auto condition = parse_condition(text);
  return condition && condition->matches(sample());
}

TEST(Condition, ComparesNumbersAsNumbers) {
  EXPECT_TRUE(holds("GENERATOR.LATENT_SIZE=100"));
  EXPECT_TRUE(holds("GENERATOR.LATENT_SIZE = 1e2"));
  EXPECT_TRUE(holds("training:GENERATOR.LATENT_SIZE<1000"));
  EXPECT_TRUE(holds("TRAINING.LEARNING_RATE<=2e-4"));
  EXPECT_FALSE(holds("GENERATOR.LATENT_SIZE>=101"));
}

TEST(Condition, ComparesTextsAsTexts) {
  EXPECT_TRUE(holds("SAGEMAKER.INSTANCE_TYPE=ml.g5.xlarge"));
  EXPECT_TRUE(holds("SAGEMAKER.INSTANCE_TYPE!=local"));
}

TEST(Condition, TakesTheLastValueOfAMetric) {
  EXPECT_TRUE(holds("generator/loss<3"));
  EXPECT_FALSE(holds("generator/loss>3"));
}

TEST(Condition, ComparesWhatIsNoNumberWithItselfOnly) {
  RunSummary run = sample();
  run.metrics.front().last = std::nan("");
  for (const char* text : {"generator/loss<2", "generator/loss>2", "generator/loss=2", "generator/loss>=NaN-1"}) {
    EXPECT_FALSE(parse_condition(text)->matches(run)) << text;
  }
  EXPECT_TRUE(parse_condition("generator/loss=NaN")->matches(run));
  EXPECT_FALSE(holds("generator/loss=NaN"));
  run.metrics.front().last = HUGE_VAL;
  EXPECT_TRUE(parse_condition("generator/loss>1e300")->matches(run));
  EXPECT_TRUE(parse_condition("generator/loss=Infinity")->matches(run));
}

TEST(Condition, DoesNotHoldWithoutTheValue) {
  EXPECT_FALSE(holds("NO.SUCH=1"));
  EXPECT_FALSE(holds("NO.SUCH!=1"));
  EXPECT_FALSE(parse_condition("GENERATOR.LATENT_SIZE"));
  EXPECT_FALSE(parse_condition("=1"));
}

bool is_of(const std::string& experiment) {
  RunFilter filter;
  filter.experiment = experiment;
  return filter.matches(sample());
}

TEST(RunFilter, TakesWhatIsBelowAnExperimentAndPatterns) {
  for (const char* wanted : {"", "team", "team/gan", "team/gan/v2", "*/gan/*", "team/*/v?"}) {
    EXPECT_TRUE(is_of(wanted)) << wanted;
  }
  for (const char* wanted : {"tea", "team/gan/v", "gan", "team/gan/v2/x"}) {
    EXPECT_FALSE(is_of(wanted)) << wanted;
  }
}

TEST(SortBy, PutsRunsWithoutTheValueLast) {
  RunSummary low = sample();
  low.metrics.front().last = 0.5;
  RunSummary none = sample();
  none.metrics.clear();
  const RunSummary high = sample();
  std::vector<const RunSummary*> runs = {&none, &high, &low};
  sort_by(runs, "generator/loss");
  EXPECT_EQ(runs, (std::vector<const RunSummary*>{&low, &high, &none}));
  sort_by(runs, "-generator/loss");
  EXPECT_EQ(runs, (std::vector<const RunSummary*>{&high, &low, &none}));
}

TEST(SortBy, PutsWhatIsNoNumberAfterAllNumbers) {
  RunSummary low = sample();
  low.metrics.front().last = 0.5;
  RunSummary burst = sample();
  burst.metrics.front().last = HUGE_VAL;
  RunSummary broken = sample();
  broken.metrics.front().last = std::nan("");
  RunSummary none = sample();
  none.metrics.clear();
  std::vector<const RunSummary*> runs = {&none, &broken, &burst, &low};
  sort_by(runs, "generator/loss");
  EXPECT_EQ(runs, (std::vector<const RunSummary*>{&low, &burst, &broken, &none}));
  sort_by(runs, "-generator/loss");
  EXPECT_EQ(runs, (std::vector<const RunSummary*>{&burst, &low, &broken, &none}));
}

}  // namespace
}  // namespace smflow::records
