#pragma once

#include <smflow/records/run_record.hpp>

namespace smflow::records {

struct RunResult {
  plan::JobDescription job;
  std::vector<Error> warnings;  // what could not be copied beside the record; the job itself is not touched by it
};

// Runs a job from its record to its outcome: writes the record, submits, follows until the end, writes the outcome.
// `prefix` is the record's key in `bucket`. A job that fails is a result, not an error; an error means that it could
// not be started or followed.
Result<RunResult> run_recorded(plan::TrainingService& service, storage::Store& bucket, const std::string& prefix,
                               const plan::JobPlan& plan, const RecordInput& input, const Clock& clock,
                               plan::JobObserver& observer);

}  // namespace smflow::records
