#include "operations/sts_answer.hpp"

#include <smflow/aws/operations/sts.hpp>
#include <smflow/aws/protocol.hpp>

namespace smflow::aws {

Outcome<Credentials> assume_role(Client& client, const AssumeRoleInput& input) {
  const std::string operation = "AssumeRole";
  Query fields{{"RoleArn", input.role_arn}, {"RoleSessionName", input.session_name}};
  const std::pair<const char*, const std::string&> optional[] = {{"ExternalId", input.external_id},
                                                                 {"DurationSeconds", input.duration},
                                                                 {"SerialNumber", input.mfa_serial},
                                                                 {"TokenCode", input.mfa_code}};
  for (const auto& [name, value] : optional) {
    if (!value.empty()) fields.emplace_back(name, value);
  }
  return sts_credentials(client, operation, call_query(client, operation, fields));
}

}  // namespace smflow::aws
