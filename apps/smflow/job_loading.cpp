#include "job_loading.hpp"

#include "report.hpp"

#include <smflow/base/files.hpp>
#include <smflow/plan/make_plan.hpp>

namespace smflow::cli {

plan::JobConfigs read_configs(const ConfigOptions& options) {
  auto configs = plan::load_job_configs({.config_file = options.config,
                                         .set = options.set,
                                         .set_training = options.set_training,
                                         .default_code = plan::built_code_folder(program_directory())});
  if (!configs) throw CommandFailure(std::move(configs).error());
  return *std::move(configs);
}

plan::JobConfigs load_configs(const ConfigOptions& options, Screen& screen) {
  plan::JobConfigs configs = read_configs(options);
  for (const Error& warning : configs.warnings) screen.line(render_warning(warning, screen));
  return configs;
}

std::filesystem::path work_directory(const std::string& config) {
  if (config.empty()) return plan::default_work_directory();
  const plan::JobConfigs configs = read_configs({.config = config, .set = {}, .set_training = {}});
  SystemRandom random;
  auto plan = plan::make_plan(configs, SystemClock().now(), random);
  if (!plan) throw CommandFailure(std::move(plan).error());
  return plan->job.local.work_directory;
}

config::SchemaPtr built_training_schema() {
  return value_or_throw(plan::training_schema(plan::built_code_folder(program_directory())));
}

}  // namespace smflow::cli
