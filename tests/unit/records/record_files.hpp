#pragma once

#include <string>

#include <smflow/records/run_record.hpp>

namespace smflow::records::test {

// What is needed to record a run of this name.
struct Recorded {
  plan::JobPlan plan;
  RecordInput input;
  std::string prefix;
};
Recorded run_named(const std::string& name, const std::string& bucket_uri, int epochs = 5);

// How a job of this name has ended.
plan::JobDescription ended(const std::string& name, plan::JobStatus status = plan::JobStatus::Completed);

}  // namespace smflow::records::test
