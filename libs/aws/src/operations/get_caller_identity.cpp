#include "operations/query_answer.hpp"

#include <smflow/aws/operations/sts.hpp>
#include <smflow/aws/protocol.hpp>

namespace smflow::aws {

Outcome<CallerIdentity> get_caller_identity(Client& client, std::stop_token cancel) {
  const std::string operation = "GetCallerIdentity";
  const auto document = query_answer(client, operation, call_query(client, operation, {}, false, cancel));
  if (!document) return tl::unexpected(document.error());
  const pugi::xml_node result = query_result(*document, operation);
  return CallerIdentity{child_text(result, "Account"), child_text(result, "Arn"), child_text(result, "UserId")};
}

}  // namespace smflow::aws
