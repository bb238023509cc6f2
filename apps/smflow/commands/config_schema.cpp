#include "session.hpp"
#include "which_config.hpp"

#include <CLI/CLI.hpp>

#include <smflow/config/documents.hpp>

namespace smflow::cli {

void add_config_schema(CLI::App& config, Session& session) {
  auto which = std::make_shared<std::string>("sagemaker");
  CLI::App* command = config.add_subcommand(
      "schema", help_text("The JSON Schema (draft-07) of one config, for editors and other tools.",
                          {"smflow config schema > sagemaker_config.schema.json",
                           "smflow config schema training > training_config.schema.json"}));
  add_which_argument(*command, *which);
  command->callback([&session, which] {
    session.action = [&session, which] {
      std::fputs(config::to_json_schema(*schema_of_which(*which)).c_str(), session.out);
      return 0;
    };
  });
}

}  // namespace smflow::cli
