#pragma once

#include "session.hpp"

#include <smflow/plan/job_configs.hpp>

namespace smflow::cli {

// Both configs of the job, or a CommandFailure with all that is wrong with them.
plan::JobConfigs read_configs(const ConfigOptions& options);
// The same, its warnings shown on `screen`.
plan::JobConfigs load_configs(const ConfigOptions& options, Screen& screen);

// Where the jobs of a config have their folders; of an empty one, where jobs have them by default.
std::filesystem::path work_directory(const std::string& config);

// The training program's schema in the code folder that smflow was built or installed with; none when it is not there.
config::SchemaPtr built_training_schema();

}  // namespace smflow::cli
