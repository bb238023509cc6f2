#include "fake_services.hpp"

#include <smflow/plan/make_plan.hpp>

namespace smflow::preflight {
namespace {

using testing::Each;
using testing::ElementsAre;

std::vector<std::string> checks_of(const Findings& findings) {
  std::vector<std::string> checks;
  for (const Finding& finding : findings) checks.push_back(finding.check);
  return checks;
}

TEST_F(PreflightTest, FindingsHaveTheOrderOfTheChecks) {
  plan_.metric_definitions = plan::default_metric_definitions();
  for (int repeat = 0; repeat < 20; ++repeat) {
    const Findings findings = run_checks(plan_, &services_);
    EXPECT_THAT(checks_of(findings),
                ElementsAre("credentials", "role", "pass role", "image", "results bucket", "data", "quota", "metrics"));
    EXPECT_THAT(codes_of(findings), Each(""));
  }
}

TEST_F(PreflightTest, WithoutCredentialsNothingOnAwsIsChecked) {
  services_.identity = tl::unexpected(aws_error(aws::AwsError::Kind::rejected, "InvalidClientTokenId"));
  const Findings findings = run_checks(plan_, &services_);
  EXPECT_THAT(codes_of(findings), ElementsAre("E421"));
  EXPECT_EQ(findings.front().report.exit, ExitCode::permission);
}

TEST_F(PreflightTest, AllErrorsComeAtOnce) {
  services_.roles.clear();
  services_.buckets.clear();
  services_.verdict = aws::SimulatedDecision{"explicitDeny"};
  services_.config = std::string(R"({"architecture":"arm64"})");
  plan_.instance_count = 9;
  plan_.platform.volume_kms_key = "key";
  plan_.metric_definitions = {{"loss", "("}};
  EXPECT_THAT(codes_of(run_checks(plan_, &services_)),
              ElementsAre("", "E202", "E205", "E209", "E213", "E213", "E226", "E233", "E229"));
}

TEST_F(PreflightTest, ALocalJobIsCheckedWithoutAws) {
  plan_.target = plan::Target::local;
  plan_.channels.clear();
  plan_.metric_definitions = plan::default_metric_definitions();
  EXPECT_THAT(checks_of(run_checks(plan_, nullptr)), ElementsAre("metrics"));
}

}  // namespace
}  // namespace smflow::preflight
