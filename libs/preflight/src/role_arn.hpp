#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace smflow::preflight {

// "arn:PARTITION:SERVICE::ACCOUNT:KIND/NAME" of IAM and STS.
struct PrincipalArn {
  std::string partition;
  std::string service;  // "iam", "sts"
  std::string account;
  std::string resource;  // "role/path/name", "user/ann", "root", "assumed-role/name/session"
};
std::optional<PrincipalArn> parse_principal_arn(std::string_view arn);

// The name in "role/path/name", without its path.
std::string role_name(const PrincipalArn& role);
// The name of the role that was assumed; none for anybody else.
std::optional<std::string> assumed_role(const PrincipalArn& caller);

}  // namespace smflow::preflight
