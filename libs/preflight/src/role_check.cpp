#include "checks.hpp"
#include "findings.hpp"
#include "role_arn.hpp"
#include "trust_policy.hpp"

#include <fmt/format.h>

namespace smflow::preflight {

namespace {

constexpr const char* check = "role";
constexpr const char* option = "SAGEMAKER.ARN";

Finding missing(const std::string& arn, const std::string& name) {
  return failed(check,
                {.code = "E202",
                 .exit = ExitCode::not_found,
                 .message = fmt::format("there is no role '{}'", arn),
                 .fix = fmt::format("aws iam list-roles --query \"Roles[?contains(RoleName,'{}')].Arn\"", name)},
                option);
}

Finding other_account(const std::string& arn, const std::string& account) {
  return failed(check,
                {.code = "E203",
                 .exit = ExitCode::configuration,
                 .message = fmt::format("the role '{}' is not of the account {} that you work in", arn, account),
                 .fix = "name a role of this account, or use another profile with AWS_PROFILE"},
                option);
}

Finding other_path(const std::string& arn, const std::string& real) {
  return failed(check,
                {.code = "E203",
                 .exit = ExitCode::configuration,
                 .message = fmt::format("the role '{}' has another ARN", arn),
                 .fix = "ARN: " + real},
                option);
}

Finding untrusting(const std::string& arn) {
  return failed(check,
                {.code = "E204",
                 .exit = ExitCode::permission,
                 .message = fmt::format("the role '{}' does not trust sagemaker.amazonaws.com", arn),
                 .fix = R"(add to its trust policy: {"Effect": "Allow", "Principal": {"Service": )"
                        R"("sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"})"},
                option);
}

Finding examine(const aws::Role& role, const std::string& arn) {
  if (role.arn != arn) return other_path(arn, role.arn);
  const auto trusts = trusts_sagemaker(role.trust_policy);
  if (!trusts) return warned(check, "E201", "role not checked: its trust policy cannot be understood", "look yourself");
  return *trusts ? passed(check, "exists and trusts SageMaker") : untrusting(arn);
}

}  // namespace

Findings check_role(const Subject& subject) {
  const std::string& written = subject.plan.role_arn;
  const auto arn = parse_principal_arn(written);
  if (!arn || arn->account != subject.caller.account) return {other_account(written, subject.caller.account)};
  const auto role = subject.services.role(role_name(*arn));
  if (role) return {examine(*role, written)};
  if (role.error().kind == aws::AwsError::Kind::not_found) return {missing(written, role_name(*arn))};
  return {not_checked(check, role.error(), "iam:GetRole")};
}

}  // namespace smflow::preflight
