#include "operations/json_answer.hpp"

#include <smflow/aws/operations/training_jobs.hpp>

namespace smflow::aws {

Outcome<std::string> create_training_job(Client& client, const Json& request, std::stop_token cancel) {
  const std::string operation = "CreateTrainingJob";
  return read_answer(client, operation, call_json(client, operation, request, cancel),
                     [](const Json& answer) { return text_at(answer, "TrainingJobArn"); });
}

}  // namespace smflow::aws
