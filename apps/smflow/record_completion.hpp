#pragma once

#include "aws_access.hpp"
#include "kept_lines.hpp"

#include <map>
#include <memory>
#include <stop_token>
#include <vector>

#include <smflow/plan/training_service.hpp>
#include <smflow/records/run_index.hpp>

namespace smflow::cli {

// Writes the outcomes of jobs on SageMaker that have ended while nobody followed them. Never fails: whoever asks wanted
// something else.
class RecordCompletion {
 public:
  // `access` lives longer; `stop` ends all calls and transfers.
  explicit RecordCompletion(AwsAccess& access, std::stop_token stop = {});
  ~RecordCompletion();

  // Of runs on SageMaker without an outcome, 50 at most. Of many, ListTrainingJobs tells first which go on. Whether
  // there is an outcome now that was not there before.
  bool complete(storage::Store& bucket, const std::vector<const records::RunSummary*>& runs);
  // The record of a job that has ended, found by where SageMaker has put its model. `lines` are all that it logged, if
  // they were read already.
  void complete(const plan::JobDescription& job, const KeptLines* lines = nullptr);

 private:
  class Region;
  Region& region(const std::string& name);
  bool complete(storage::Store& bucket, const std::string& record_key, Region& region, plan::TrainingService& service);

  AwsAccess& access_;
  const std::stop_token stop_;
  std::map<std::string, std::unique_ptr<Region>> regions_;
};

}  // namespace smflow::cli
