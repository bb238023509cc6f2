#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <smflow/base/error.hpp>
#include <smflow/base/terminal.hpp>
#include <smflow/config/config.hpp>
#include <smflow/plan/sagemaker_default_config.hpp>

namespace smflow::plan {

// What a person gave: one SageMaker config file, and overrides of it and of the training config it names.
struct ConfigRequest {
  std::filesystem::path config_file;
  std::vector<std::string> set;
  std::vector<std::string> set_training;
  // The code folder when LOCAL.CODE says nothing: the training program that was built or installed with smflow.
  std::filesystem::path default_code;
  // A schema file in place of that in the code folder; an empty path: the program has none.
  std::optional<std::filesystem::path> training_schema = {};
  EnvironmentLookup environment = environment_variable;
};

struct ConfigFile {
  std::filesystem::path path;  // as found
  std::string content;         // byte for byte
};

// Both configs of a job, checked. The training program's schema, `training_config.schema.json`, lies beside it in the
// code folder, so that the launcher refuses what the program would refuse, in the same words.
struct JobConfigs {
  config::Config sagemaker;
  SagemakerConfig options;                 // `sagemaker`, typed
  std::optional<config::Config> training;  // none when the program has no schema: the file is passed on unchecked
  std::string training_schema;             // the schema file, byte for byte; empty when there is none
  ConfigFile sagemaker_file;
  ConfigFile training_file;
  std::filesystem::path code;  // absolute; may not exist
  std::vector<Error> warnings;

  // The file the training program reads: the effective config, so that later changes of defaults change nothing.
  std::string container_training_config() const;
};

// All errors of both files and of all overrides, in that order; the list is not empty.
using ConfigErrors = std::vector<Error>;
tl::expected<JobConfigs, ConfigErrors> load_job_configs(const ConfigRequest& request);

// The schema of the program in `code`; none when the folder has no schema file; E050 when the file is no schema.
Result<config::SchemaPtr> training_schema(const std::filesystem::path& code);

// The training program beside the running smflow: as built (build/<preset>/sagemaker_container) or as installed
// (<prefix>/libexec/smflow/sagemaker_container).
std::filesystem::path built_code_folder(const std::filesystem::path& program_directory);
// The entrypoint `train` beside the running smflow, found in the same two ways.
std::filesystem::path built_entrypoint(const std::filesystem::path& program_directory);

}  // namespace smflow::plan
