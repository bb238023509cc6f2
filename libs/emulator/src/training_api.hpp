#pragma once

#include "job_table.hpp"
#include "request_plan.hpp"

namespace smflow::emulator {

// The SageMaker operations on training jobs: Create-, Describe-, Stop- and ListTrainingJobs, Search, AddTags, ListTags,
// DeleteTags. Every other one is an UnknownOperationException. Safe to use from several threads.
class TrainingApi {
 public:
  TrainingApi(JobTable& jobs, Placement placement) : jobs_(jobs), placement_(std::move(placement)) {}
  Answer call(const std::string& operation, const Json& request, const Caller& caller);

 private:
  Answer create(const Json& request, const Caller& caller);
  Answer describe(const Json& request, const Caller& caller);
  Answer stop(const Json& request, const Caller& caller);
  Answer list(const Json& request, const Caller& caller);
  Answer search(const Json& request, const Caller& caller);
  Answer add_tags(const Json& request, const Caller& caller);
  Answer list_tags(const Json& request, const Caller& caller);
  Answer delete_tags(const Json& request, const Caller& caller);

  JobTable& jobs_;
  const Placement placement_;
};

}  // namespace smflow::emulator
