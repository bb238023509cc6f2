#include "role_arn.hpp"

#include <smflow/base/text.hpp>

namespace smflow::preflight {

std::optional<PrincipalArn> parse_principal_arn(std::string_view arn) {
  const std::vector<std::string> parts = split(arn, ':');
  if (parts.size() != 6 || parts[0] != "arn") return std::nullopt;
  return PrincipalArn{parts[1], parts[2], parts[4], parts[5]};
}

std::string role_name(const PrincipalArn& role) {
  return role.resource.substr(role.resource.rfind('/') + 1);
}

std::optional<std::string> assumed_role(const PrincipalArn& caller) {
  const std::vector<std::string> parts = split(caller.resource, '/');
  if (caller.service != "sts" || parts.size() != 3 || parts[0] != "assumed-role") return std::nullopt;
  return parts[1];
}

}  // namespace smflow::preflight
