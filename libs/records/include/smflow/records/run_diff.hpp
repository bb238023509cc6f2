#pragma once

#include <string>
#include <vector>

#include <smflow/records/run.hpp>

namespace smflow::records {

struct DiffRow {
  std::string what;                 // "training:TRAINING.LEARNING_RATE"
  std::vector<std::string> values;  // one a run; empty: it has none
};

struct DiffSection {
  std::string title;  // "config", "code", "image", "data", "environment", "results"
  std::vector<DiffRow> rows;
};

// Only what is not the same in all of the runs; sections without a row are left out.
std::vector<DiffSection> diff_runs(const std::vector<Run>& runs);

}  // namespace smflow::records
