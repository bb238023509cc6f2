#include "checks.hpp"
#include "findings.hpp"
#include "role_arn.hpp"

#include <fmt/format.h>

#include <smflow/base/text.hpp>

namespace smflow::preflight {

namespace {

constexpr const char* check = "pass role";

// Whom to simulate. The ARN of an assumed role has lost the role's path, which only the role itself tells.
std::string principal_of(const Subject& subject, const PrincipalArn& caller) {
  const auto name = assumed_role(caller);
  if (!name) return subject.caller.arn;
  const auto role = subject.services.role(*name);
  return role ? role->arn : fmt::format("arn:{}:iam::{}:role/{}", caller.partition, caller.account, *name);
}

Finding refused(const Subject& subject, const std::string& principal) {
  return failed(
      check,
      {.code = "E205",
       .exit = ExitCode::permission,
       .message = fmt::format("'{}' may not pass the role '{}' to SageMaker", principal, subject.plan.role_arn),
       .fix = fmt::format(R"(ask for: {{"Effect": "Allow", "Action": "iam:PassRole", "Resource": "{}", "Condition": )"
                          R"({{"StringEquals": {{"iam:PassedToService": "sagemaker.amazonaws.com"}}}}}})",
                          subject.plan.role_arn)},
      "SAGEMAKER.ARN");
}

// As for policies that ask for MFA or an address.
Finding undecided(const std::vector<std::string>& missing) {
  return warned(check, "E201",
                fmt::format("pass role not checked: your policies decide by {}, which only the real call knows",
                            printable(join(missing, ", "))),
                "ask for iam:PassRole if SageMaker refuses the job");
}

}  // namespace

Findings check_pass_role(const Subject& subject) {
  const auto caller = parse_principal_arn(subject.caller.arn);
  if (!caller) return {warned(check, "E201", "pass role not checked: the caller's ARN is not known", "look yourself")};
  if (caller->resource == "root") return {passed(check, "the account's root may pass every role")};
  const std::string principal = principal_of(subject, *caller);
  const auto decision = subject.services.decision({.principal_arn = principal,
                                                   .action = "iam:PassRole",
                                                   .resource_arn = subject.plan.role_arn,
                                                   .context = {{"iam:PassedToService", "sagemaker.amazonaws.com"}}});
  if (!decision) return {not_checked(check, decision.error(), "iam:SimulatePrincipalPolicy")};
  if (decision->decision == "allowed") return {passed(check, "you may give the role to SageMaker")};
  if (!decision->missing_context.empty()) return {undecided(decision->missing_context)};
  return {refused(subject, principal)};
}

}  // namespace smflow::preflight
