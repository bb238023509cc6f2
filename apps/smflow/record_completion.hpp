#pragma once

#include "sagemaker_access.hpp"

#include <smflow/storage/store.hpp>

namespace smflow::cli {

// Writes the outcomes of jobs on SageMaker that have ended while nobody followed them. Never fails: whoever asks wanted
// something else.
class RecordCompletion {
 public:
  explicit RecordCompletion(AwsAccess& access) : access_(access) {}

  // Whether there is an outcome now that was not there before.
  bool complete(storage::Store& bucket, const std::string& record_key);
  // The record of a job that has ended, found by where SageMaker has put its model.
  void complete(const plan::JobDescription& job);

 private:
  AwsAccess& access_;
  std::unique_ptr<SageMakerAccess> sagemaker_;
};

}  // namespace smflow::cli
