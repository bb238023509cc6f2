#include "fake_services.hpp"
#include "trust_policy.hpp"

namespace smflow::preflight {
namespace {

using testing::HasSubstr;
using Kind = aws::AwsError::Kind;

TEST_F(PreflightTest, ARoleThatTrustsSageMakerPasses) {
  EXPECT_EQ(only(check_role(subject())).severity, Severity::passed);
}

TEST_F(PreflightTest, ARoleThatIsNotThereIsAnError) {
  services_.roles.clear();
  const Finding finding = only(check_role(subject()));
  EXPECT_EQ(finding.report.code, "E202");
  EXPECT_EQ(finding.report.exit, ExitCode::not_found);
  EXPECT_THAT(finding.report.message, HasSubstr(role_arn));
  EXPECT_EQ(finding.option, "SAGEMAKER.ARN");
}

TEST_F(PreflightTest, ARoleThatMayNotBeReadIsAWarningThatNamesThePermission) {
  services_.roles.at("train") = tl::unexpected(aws_error(Kind::access_denied));
  const Finding finding = only(check_role(subject()));
  EXPECT_EQ(finding.severity, Severity::warning);
  EXPECT_EQ(finding.report.code, "E200");
  EXPECT_THAT(finding.report.message, HasSubstr("iam:GetRole"));
}

TEST_F(PreflightTest, AServiceThatDoesNotAnswerIsAWarning) {
  for (const Kind kind : {Kind::network, Kind::throttled, Kind::cancelled, Kind::answer}) {
    services_.roles.at("train") = tl::unexpected(aws_error(kind));
    const Finding finding = only(check_role(subject()));
    EXPECT_EQ(finding.severity, Severity::warning);
    EXPECT_EQ(finding.report.code, "E201");
  }
}

TEST_F(PreflightTest, ARoleOfAnotherAccountOrPathIsAnError) {
  services_.roles.at("train")->arn = "arn:aws:iam::123456789012:role/ml/train";
  Finding finding = only(check_role(subject()));
  EXPECT_EQ(finding.report.code, "E203");
  EXPECT_EQ(finding.report.fix, "ARN: arn:aws:iam::123456789012:role/ml/train");
  plan_.role_arn = "arn:aws:iam::210987654321:role/train";
  EXPECT_EQ(only(check_role(subject())).report.code, "E203");
}

TEST_F(PreflightTest, ARoleThatDoesNotTrustSageMakerIsAnError) {
  services_.roles.at("train")->trust_policy =
      R"({"Statement":{"Effect":"Allow","Principal":{"Service":["ec2.amazonaws.com"]},"Action":"sts:AssumeRole"}})";
  const Finding finding = only(check_role(subject()));
  EXPECT_EQ(finding.report.code, "E204");
  EXPECT_EQ(finding.report.exit, ExitCode::permission);
  EXPECT_THAT(finding.report.fix, HasSubstr("sagemaker.amazonaws.com"));
  services_.roles.at("train")->trust_policy = "no json";
  EXPECT_EQ(only(check_role(subject())).report.code, "E201");
}

TEST(TrustPolicy, IsReadInEveryFormOfTheGrammar) {
  EXPECT_EQ(trusts_sagemaker(trusting), true);
  EXPECT_EQ(trusts_sagemaker(R"({"Statement":{"Effect":"Allow","Principal":{"Service":
      ["ec2.amazonaws.com","sagemaker.amazonaws.com"]},"Action":["sts:TagSession","sts:assumerole"]}})"),
            true);
  EXPECT_EQ(trusts_sagemaker(R"({"Statement":[{"Effect":"Allow","Principal":"*","Action":"sts:*"}]})"), true);
  EXPECT_EQ(trusts_sagemaker(R"({"Statement":[{"Effect":"Allow","Principal":"*","Action":"sts:assume*"}]})"), true);
  EXPECT_EQ(trusts_sagemaker(R"({"Statement":[{"Effect":"Allow","Principal":"*","Action":"sts:A?sumeRole"}]})"), true);
  EXPECT_EQ(trusts_sagemaker(R"({"Statement":[{"Effect":"Allow","Principal":"*","Action":"sts:T*"}]})"), false);
  EXPECT_EQ(trusts_sagemaker(R"({"Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:*"}]})"), false);
  EXPECT_EQ(trusts_sagemaker(R"({"Statement":[{"Effect":"Allow","Principal":{"Service":"sagemaker.amazonaws.com"},
      "Action":"sts:TagSession"}]})"),
            false);
  EXPECT_EQ(trusts_sagemaker(R"({"Statement":[{"Effect":"Allow","Principal":"*","Action":"*"},
      {"Effect":"Deny","Principal":"*","Action":"sts:AssumeRole"}]})"),
            false);
}

TEST(TrustPolicy, ThatIsNoneIsTold) {
  for (const char* text : {"", "[]", "{}", R"({"Statement":[1]})", R"({"Statement":"x"})"}) {
    EXPECT_EQ(trusts_sagemaker(text), std::nullopt) << text;
  }
  EXPECT_EQ(trusts_sagemaker(R"({"Statement":[{"Effect":7,"Principal":[{}],"Action":{}}]})"), false);
}

TEST_F(PreflightTest, AUserThatMayPassTheRolePasses) {
  EXPECT_EQ(only(check_pass_role(subject())).severity, Severity::passed);
  EXPECT_EQ(services_.simulated.principal_arn, "arn:aws:iam::123456789012:user/ann");
  EXPECT_EQ(services_.simulated.resource_arn, role_arn);
  EXPECT_EQ(services_.simulated.context.at("iam:PassedToService"), "sagemaker.amazonaws.com");
}

TEST_F(PreflightTest, ACallerThatMayNotPassTheRoleIsAnErrorWithThePolicyToAskFor) {
  services_.verdict = aws::SimulatedDecision{"implicitDeny"};
  const Finding finding = only(check_pass_role(subject()));
  EXPECT_EQ(finding.report.code, "E205");
  EXPECT_EQ(finding.report.exit, ExitCode::permission);
  EXPECT_THAT(finding.report.fix, HasSubstr("iam:PassRole"));
}

TEST_F(PreflightTest, ADecisionByWhatOnlyTheRealCallKnowsIsAWarning) {
  services_.verdict = aws::SimulatedDecision{"explicitDeny", {"aws:MultiFactorAuthPresent", "aws:SourceIp"}};
  const Finding finding = only(check_pass_role(subject()));
  EXPECT_EQ(finding.severity, Severity::warning);
  EXPECT_THAT(finding.report.message, HasSubstr("aws:MultiFactorAuthPresent, aws:SourceIp"));
  services_.verdict->decision = "allowed";
  EXPECT_EQ(only(check_pass_role(subject())).severity, Severity::passed);
}

TEST_F(PreflightTest, AnAssumedRoleIsSimulatedAsTheRoleWithItsPath) {
  services_.identity->arn = "arn:aws:sts::123456789012:assumed-role/sso/ann@x";
  check_pass_role(subject());
  EXPECT_EQ(services_.simulated.principal_arn, "arn:aws:iam::123456789012:role/sso");
  services_.roles.emplace("sso", aws::Role{"sso", "arn:aws:iam::123456789012:role/aws-reserved/sso", ""});
  check_pass_role(subject());
  EXPECT_EQ(services_.simulated.principal_arn, "arn:aws:iam::123456789012:role/aws-reserved/sso");
}

TEST_F(PreflightTest, TheRootOfTheAccountIsNotSimulated) {
  services_.identity->arn = "arn:aws:iam::123456789012:root";
  EXPECT_EQ(only(check_pass_role(subject())).severity, Severity::passed);
  EXPECT_EQ(services_.simulated.action, "");
}

TEST_F(PreflightTest, ASimulationThatIsNotAllowedIsAWarning) {
  services_.verdict = tl::unexpected(aws_error(Kind::access_denied));
  const Finding finding = only(check_pass_role(subject()));
  EXPECT_EQ(finding.report.code, "E200");
  EXPECT_THAT(finding.report.fix, HasSubstr("iam:SimulatePrincipalPolicy"));
}

}  // namespace
}  // namespace smflow::preflight
