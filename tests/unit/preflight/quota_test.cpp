#include "fake_services.hpp"

namespace smflow::preflight {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Kind = aws::AwsError::Kind;

TEST_F(PreflightTest, AQuotaThatIsLargeEnoughPasses) {
  plan_.instance_count = 4;
  EXPECT_EQ(only(check_quotas(subject())).severity, Severity::passed);
  plan_.instance_count = 5;
  const Finding finding = only(check_quotas(subject()));
  EXPECT_EQ(finding.report.code, "E226");
  EXPECT_EQ(finding.report.exit, ExitCode::service);
  EXPECT_THAT(finding.report.message, HasSubstr("is 4 machines in eu-west-1, and the job needs 5"));
  EXPECT_THAT(finding.report.fix, HasSubstr("--quota-code L-1 --desired-value 5 --region eu-west-1"));
}

TEST_F(PreflightTest, SpotAndWarmPoolsHaveQuotasOfTheirOwn) {
  services_.quota_pages = {aws::QuotaPage{{{"ml.g5.xlarge for training job usage", "L-1", 4}}, "1"},
                           aws::QuotaPage{{{"ml.g5.xlarge for spot training job usage", "L-2", 0},
                                           {"ml.g5.xlarge for training warm pool usage", "L-3", 0}},
                                          ""}};
  plan_.platform.keep_alive = std::chrono::seconds(60);
  EXPECT_THAT(codes_of(check_quotas(subject())), ElementsAre("", "E226"));
  plan_.platform.keep_alive = std::chrono::seconds(0);
  plan_.spot = true;
  EXPECT_THAT(only(check_quotas(subject())).report.message, HasSubstr("spot training job usage' is 0 machines"));
}

TEST_F(PreflightTest, ALongRunTimeHasAQuota) {
  services_.quota_pages.front()->quotas.push_back({"Longest run time for a training job", "L-9", 432000});
  plan_.max_run_time = std::chrono::seconds(432001);
  EXPECT_THAT(codes_of(check_quotas(subject())), ElementsAre("", "E226"));
}

TEST_F(PreflightTest, AwsOwnValuesCountForWhatNobodyHasChanged) {
  services_.quota_pages = {aws::QuotaPage{}};
  services_.default_pages = {aws::QuotaPage{{{"ml.g5.xlarge for training job usage", "L-1", 0}}, ""}};
  EXPECT_EQ(only(check_quotas(subject())).report.code, "E226");
}

TEST_F(PreflightTest, AnInstanceTypeThatNoQuotaNamesIsAnError) {
  plan_.instance_type = "ml.g5.xlage";
  const Finding finding = only(check_quotas(subject()));
  EXPECT_EQ(finding.report.code, "E219");
  EXPECT_EQ(finding.report.fix, "did you mean 'ml.g5.xlarge'?");
}

TEST_F(PreflightTest, AnInstanceTypeThatMayBeNewIsAWarning) {
  plan_.instance_type = "ml.zz99z.48xlarge";
  const Finding finding = only(check_quotas(subject()));
  EXPECT_EQ(finding.report.code, "E219");
  EXPECT_EQ(finding.severity, Severity::warning);
}

TEST_F(PreflightTest, QuotasThatAreNotNamedAreAWarning) {
  services_.quota_pages = {aws::QuotaPage{}};
  EXPECT_EQ(only(check_quotas(subject())).report.code, "E201");
  services_.quota_pages = {aws::QuotaPage{{{"ml.g5.xlarge for endpoint usage", "L-4", 2}}, ""}};
  EXPECT_EQ(only(check_quotas(subject())).report.code, "E201");
}

aws::AwsError denied(const char* operation) {
  aws::AwsError error = aws_error(Kind::access_denied);
  error.operation = operation;
  return error;
}

TEST_F(PreflightTest, QuotasThatMayNotBeReadAreAWarning) {
  services_.quota_pages = {tl::unexpected(denied("ListServiceQuotas"))};
  EXPECT_THAT(only(check_quotas(subject())).report.message, HasSubstr("servicequotas:ListServiceQuotas"));
  services_.quota_pages = {aws::QuotaPage{}};
  services_.default_pages = {tl::unexpected(denied("ListAWSDefaultServiceQuotas"))};
  EXPECT_THAT(only(check_quotas(subject())).report.message, HasSubstr("servicequotas:ListAWSDefaultServiceQuotas"));
}

TEST_F(PreflightTest, AnEndlessListOfQuotasIsNotReadForEver) {
  services_.quota_pages = {aws::QuotaPage{{{"ml.g5.xlarge for endpoint usage", "L-4", 2}}, "0"}};
  EXPECT_EQ(only(check_quotas(subject())).report.code, "E201");
}

TEST_F(PreflightTest, AQuotaWhoseCodeIsKnownIsNotLookedForInTheLists) {
  services_.known_quotas["ml.g5.xlarge for training job usage"] = {"ml.g5.xlarge for training job usage", "L-1", 1};
  EXPECT_EQ(only(check_quotas(subject())).severity, Severity::passed);
  EXPECT_EQ(services_.pages_read, 0);
  plan_.platform.keep_alive = std::chrono::seconds(60);
  services_.quota_pages = {aws::QuotaPage{
      {{"ml.g5.xlarge for training job usage", "L-1", 1}, {"ml.g5.xlarge for training warm pool usage", "L-3", 0}},
      ""}};
  EXPECT_THAT(codes_of(check_quotas(subject())), ElementsAre("", "E226"));
}

aws::ActiveJob job_on(const std::string& type, int count, bool spot = false) {
  return {.name = "other", .spot = spot, .machines = {{type, count}}};
}

TEST_F(PreflightTest, MachinesOfOtherJobsAreCounted) {
  services_.job_pages = {aws::ActiveJobPage{{job_on("ml.g5.xlarge", 1), job_on("ml.p4d.24xlarge", 9)}, "1"},
                         aws::ActiveJobPage{{job_on("ml.g5.xlarge", 1), job_on("ml.g5.xlarge", 7, true)}, ""}};
  plan_.instance_count = 2;
  const Finding fits = only(check_quotas(subject()));
  EXPECT_EQ(fits.severity, Severity::passed);
  EXPECT_THAT(fits.report.message, HasSubstr("4 machines, 2 in use"));
  plan_.instance_count = 3;
  const Finding finding = only(check_quotas(subject()));
  EXPECT_EQ(finding.severity, Severity::warning);
  EXPECT_EQ(finding.report.code, "E235");
  EXPECT_THAT(finding.report.message, HasSubstr("other jobs have 2 of them now, and the job needs 3"));
  EXPECT_THAT(finding.report.fix, HasSubstr("--desired-value 5"));
}

TEST_F(PreflightTest, SpotMachinesAreCountedApart) {
  services_.quota_pages = {aws::QuotaPage{{{"ml.g5.xlarge for spot training job usage", "L-2", 2}}, ""}};
  services_.job_pages = {aws::ActiveJobPage{{job_on("ml.g5.xlarge", 5), job_on("ml.g5.xlarge", 2, true)}, ""}};
  plan_.spot = true;
  EXPECT_THAT(only(check_quotas(subject())).report.message, HasSubstr("other jobs have 2 of them now"));
}

TEST_F(PreflightTest, MachinesOfGroupsAreCounted) {
  services_.job_pages = {
      aws::ActiveJobPage{{{.name = "other", .machines = {{"ml.g5.xlarge", 1}, {"ml.g5.xlarge", 3}}}}, ""}};
  EXPECT_THAT(only(check_quotas(subject())).report.message, HasSubstr("other jobs have 4 of them now"));
}

TEST_F(PreflightTest, JobsThatMayNotBeReadAreAWarning) {
  services_.job_pages = {tl::unexpected(aws_error(Kind::access_denied))};
  const Findings findings = check_quotas(subject());
  EXPECT_THAT(codes_of(findings), ElementsAre("", "E200"));
  EXPECT_EQ(findings.back().check, "quota");
  EXPECT_THAT(findings.back().report.message, HasSubstr("you are not allowed sagemaker:Search"));
}

TEST_F(PreflightTest, AnEndlessListOfJobsIsNotReadForEver) {
  services_.job_pages = {aws::ActiveJobPage{{job_on("ml.g5.xlarge", 1)}, "0"}};
  EXPECT_THAT(only(check_quotas(subject())).report.message, HasSubstr("other jobs have at least 10 of them now"));
}

}  // namespace
}  // namespace smflow::preflight
