#include "operations/query_answer.hpp"

#include <smflow/aws/encoding.hpp>
#include <smflow/aws/operations/iam.hpp>
#include <smflow/aws/protocol.hpp>

namespace smflow::aws {

Outcome<Role> get_role(Client& client, const std::string& name, std::stop_token cancel) {
  const std::string operation = "GetRole";
  const auto document =
      query_answer(client, operation, call_query(client, operation, {{"RoleName", name}}, false, cancel));
  if (!document) return tl::unexpected(document.error());
  const pugi::xml_node node = query_result(*document, operation).child("Role");
  auto policy = percent_decode(child_text(node, "AssumeRolePolicyDocument"));
  Role role{child_text(node, "RoleName"), child_text(node, "Arn"), policy.value_or("")};
  if (role.arn.empty() || !policy) {
    return tl::unexpected(bad_answer(client, operation, {}, "the answer holds no role"));
  }
  return role;
}

}  // namespace smflow::aws
