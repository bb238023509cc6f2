#include <smflow/aws/operations/training_jobs.hpp>
#include <smflow/aws/protocol.hpp>

namespace smflow::aws {

Outcome<void> enable_remote_debug(Client& client, const std::string& name, std::stop_token cancel) {
  const Json request{{"TrainingJobName", name}, {"RemoteDebugConfig", {{"EnableRemoteDebug", true}}}};
  const auto answer = call_json(client, "UpdateTrainingJob", request, cancel);
  if (!answer) return tl::unexpected(answer.error());
  return {};
}

}  // namespace smflow::aws
