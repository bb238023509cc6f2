#include "session.hpp"
#include "which_config.hpp"

#include <CLI/CLI.hpp>

#include <smflow/config/documents.hpp>

namespace smflow::cli {

namespace {

struct ReferenceOptions {
  std::string which = "sagemaker";
  bool yaml = false;
};

int reference(Session& session, const ReferenceOptions& options) {
  const config::SchemaPtr schema = schema_of_which(options.which);
  const std::string text = options.yaml ? config::template_yaml(*schema, options.which + "_config.schema.json")
                                        : "# The " + schema->name + " config\n\n" + schema->doc + "\n\n" +
                                              config::reference_markdown(*schema);
  std::fputs(text.c_str(), session.out);
  return 0;
}

}  // namespace

void add_config_reference(CLI::App& config, Session& session) {
  auto options = std::make_shared<ReferenceOptions>();
  CLI::App* command = config.add_subcommand(
      "reference", help_text("Every option with its sentence, type, limits and default, as Markdown.",
                             {"smflow config reference", "smflow config reference training",
                              "smflow config reference sagemaker --yaml    # the commented template"}));
  add_which_argument(*command, options->which);
  command->add_flag("--yaml", options->yaml, "The commented YAML template instead");
  command->callback(
      [&session, options] { session.action = [&session, options] { return reference(session, *options); }; });
}

}  // namespace smflow::cli
