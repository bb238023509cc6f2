#pragma once

#include <functional>
#include <string>

#include <smflow/records/run_record.hpp>

namespace smflow::records {

struct RunResult {
  plan::JobDescription job;
  std::vector<Error> warnings;  // what could not be kept in the record; the job itself is not touched by it
  bool outcome_is_written = true;
};

// What a run needs besides its plan. Everything lives longer than the call.
struct RecordedRun {
  plan::TrainingService& service;
  storage::Store& bucket;
  const std::string& prefix;  // the record's key in `bucket`
  const plan::JobPlan& plan;
};

// Writes the record, then submits. A job that was certainly not started gets its outcome here; one that may have been
// (E146) gets none.
Result<void> submit_recorded(const RecordedRun& run, const RecordInput& input, const Clock& clock);

// Follows the job to its end and writes the outcome. A job that fails is a result, not an error; an error means that it
// could not be followed: the outcome of a job on SageMaker, which goes on, is then left open.
// `by` as in write_outcome.
Result<RunResult> follow_recorded(const RecordedRun& run, const Clock& clock, plan::JobObserver& observer,
                                  const char* by = "submitter");

// Writes the outcome of a job on SageMaker that has ended while nobody followed it, or that its service, which is that
// of `account` and of the run's region, does not know an hour after the record: its submission never came through.
// Whether there was one to write.
Result<bool> complete_record(storage::Store& bucket, std::string_view record_key, plan::TrainingService& service,
                             const std::function<std::string()>& account, const Clock& clock);

}  // namespace smflow::records
