#include <smflow/aws/operations/training_jobs.hpp>
#include <smflow/aws/protocol.hpp>

namespace smflow::aws {

Outcome<void> stop_training_job(Client& client, const std::string& name, std::stop_token cancel) {
  const auto answer = call_json(client, "StopTrainingJob", {{"TrainingJobName", name}}, cancel);
  if (!answer) return tl::unexpected(answer.error());
  return {};
}

}  // namespace smflow::aws
