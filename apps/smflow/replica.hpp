#pragma once

#include "results_access.hpp"
#include "run_flows.hpp"

#include <string>
#include <vector>

namespace smflow::cli {

struct ReplicaOptions {
  std::vector<std::string> set;  // beside what the record says
  std::vector<std::string> set_training;
  bool here = false;  // on this machine, wherever the run was; what ran in an image runs in it
};

// The run of a record once more: its two files, the schema of its program and its options, none of the caller's. The
// plan names the record's data and results, its image by the digest, and the caller's program when that of a run
// without an image is not on this machine. E374: the record's files are not what it says. E375: a value was a secret
// and is not in the record.
PlannedRun replica_of(Session& session, const records::Run& run, Results& results, const ReplicaOptions& options);

// What the job would find otherwise than the run did: the program, the image, the data, each with what was recorded.
std::vector<Error> drifts_of(const records::Run& run, const PlannedRun& replica, Results& results);

// What git says of the current folder, when that is not the recorded state; the job itself does not use it.
std::string checkout_note(const records::Run& run);

}  // namespace smflow::cli
