#include <smflow/aws/operations/ssm.hpp>
#include <smflow/aws/protocol.hpp>

namespace smflow::aws {

Outcome<void> terminate_session(Client& client, const std::string& session_id, std::stop_token cancel) {
  const auto answer = call_json(client, "TerminateSession", {{"SessionId", session_id}}, cancel);
  if (!answer) return tl::unexpected(answer.error());
  return {};
}

}  // namespace smflow::aws
