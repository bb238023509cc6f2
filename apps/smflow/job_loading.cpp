#include "job_loading.hpp"

#include "report.hpp"

#include <smflow/base/files.hpp>

namespace smflow::cli {

plan::JobConfigs load_configs(const ConfigOptions& options, Screen& screen) {
  auto configs = plan::load_job_configs({.config_file = options.config,
                                         .set = options.set,
                                         .set_training = options.set_training,
                                         .default_code = plan::built_code_folder(program_directory())});
  if (!configs) throw CommandFailure(std::move(configs).error());
  for (const Error& warning : configs->warnings) screen.line(render_warning(warning, screen));
  return *std::move(configs);
}

config::SchemaPtr built_training_schema() {
  return value_or_throw(plan::training_schema(plan::built_code_folder(program_directory())));
}

}  // namespace smflow::cli
