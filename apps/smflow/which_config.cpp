#include "which_config.hpp"

#include "job_loading.hpp"

#include <CLI/CLI.hpp>

#include <smflow/base/error.hpp>
#include <smflow/plan/sagemaker_default_config.hpp>

namespace smflow::cli {

void add_which_argument(CLI::App& command, std::string& which) {
  command.add_option("which", which, "sagemaker or training")
      ->check(CLI::IsMember({"sagemaker", "training"}))
      ->default_str("sagemaker");
}

config::SchemaPtr schema_of_which(const std::string& which) {
  if (which != "training") return config::schema_of<plan::SagemakerConfig>();
  if (auto schema = built_training_schema()) return schema;
  throw CommandFailure(Error{.code = "E061",
                             .exit = ExitCode::configuration,
                             .message = "the training program's options are not known: it is not built",
                             .fix = "cmake --build --preset release"});
}

}  // namespace smflow::cli
