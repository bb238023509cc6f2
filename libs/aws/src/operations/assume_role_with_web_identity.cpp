#include "operations/sts_answer.hpp"

#include <smflow/aws/operations/sts.hpp>
#include <smflow/aws/protocol.hpp>

namespace smflow::aws {

Outcome<Credentials> assume_role_with_web_identity(Client& client, const WebIdentityInput& input) {
  const std::string operation = "AssumeRoleWithWebIdentity";
  Query fields{{"RoleArn", input.role_arn}, {"RoleSessionName", input.session_name}, {"WebIdentityToken", input.token}};
  if (!input.duration.empty()) fields.emplace_back("DurationSeconds", input.duration);
  return sts_credentials(client, operation, call_query(client, operation, fields, true));
}

}  // namespace smflow::aws
