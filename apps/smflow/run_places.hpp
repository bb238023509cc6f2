#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <smflow/records/run.hpp>

namespace smflow::cli {

// A folder of a run in the bucket.
struct RunPlace {
  std::string name;    // "record", "output", "checkpoints"
  std::string prefix;  // its key
};

// Those that are the run's alone: checkpoints that it took over from another run are not among them.
std::vector<RunPlace> places_of(const records::Run& run, std::string_view bucket_uri);

}  // namespace smflow::cli
