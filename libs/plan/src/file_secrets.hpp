#pragma once

#include <vector>

#include <smflow/config/schema.hpp>
#include <smflow/plan/job_configs.hpp>

namespace smflow::plan {

// E066 for each line of a config file that holds a credential: by its form, as one of the user's `own`, or as the value
// of one of the job's variables whose name says so. The record keeps the file as it is, for everybody who may read the
// bucket.
std::vector<Error> secrets_in(const ConfigFile& file, const config::TextMap& variables,
                              const std::vector<std::string>& own);

}  // namespace smflow::plan
