#pragma once

#include <smflow/aws/operations/training_jobs.hpp>

namespace smflow::sagemaker {

// The calls on training jobs that a service makes: a seam for tests.
class TrainingApi {
 public:
  virtual ~TrainingApi() = default;
  virtual aws::Outcome<std::string> create(const Json& request) = 0;
  virtual aws::Outcome<aws::TrainingJob> describe(const std::string& job) = 0;
  virtual aws::Outcome<void> stop(const std::string& job) = 0;
};

// Amazon SageMaker. `client` is of aws::sagemaker and lives longer.
class AwsTrainingApi : public TrainingApi {
 public:
  // `cancel` ends a description that is under way; a job is created and stopped whatever happens.
  AwsTrainingApi(aws::Client& client, std::stop_token cancel) : client_(client), cancel_(std::move(cancel)) {}
  aws::Outcome<std::string> create(const Json& request) override;
  aws::Outcome<aws::TrainingJob> describe(const std::string& job) override;
  aws::Outcome<void> stop(const std::string& job) override;

 private:
  aws::Client& client_;
  std::stop_token cancel_;
};

}  // namespace smflow::sagemaker
