#include <smflow/sagemaker/training_api.hpp>

namespace smflow::sagemaker {

aws::Outcome<std::string> AwsTrainingApi::create(const Json& request) {
  return aws::create_training_job(client_, request);
}

aws::Outcome<aws::TrainingJob> AwsTrainingApi::describe(const std::string& job) {
  return aws::describe_training_job(client_, job, cancel_);
}

aws::Outcome<void> AwsTrainingApi::stop(const std::string& job) {
  return aws::stop_training_job(client_, job);
}

}  // namespace smflow::sagemaker
