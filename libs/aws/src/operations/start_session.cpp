#include <smflow/aws/operations/ssm.hpp>
#include <smflow/aws/protocol.hpp>

namespace smflow::aws {

Outcome<Json> start_session(Client& client, const std::string& target, std::stop_token cancel) {
  return call_json(client, "StartSession", {{"Target", target}}, cancel);
}

}  // namespace smflow::aws
