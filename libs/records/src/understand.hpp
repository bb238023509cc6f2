#pragma once

#include <smflow/records/run.hpp>

namespace smflow::records {

// Fills what `record` and `outcome` of the run say.
void understand_record(Run& run);
void understand_outcome(Run& run);

}  // namespace smflow::records
