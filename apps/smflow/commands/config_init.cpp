#include "job_loading.hpp"

#include <filesystem>

#include <CLI/CLI.hpp>

#include <smflow/base/files.hpp>
#include <smflow/config/documents.hpp>
#include <smflow/plan/sagemaker_default_config.hpp>

namespace smflow::cli {

namespace {

// Schemas first: nothing is written when a config file is there already.
int init(Session& session, const std::filesystem::path& folder) {
  std::vector<std::pair<std::string, config::SchemaPtr>> configs{
      {"sagemaker_config", config::schema_of<plan::SagemakerConfig>()}};
  if (auto training = built_training_schema()) configs.emplace_back("training_config", std::move(training));
  for (const auto& [name, schema] : configs) {
    if (std::filesystem::exists(folder / (name + ".yaml"))) {
      throw CommandFailure(
          Error{.code = "E142",
                .exit = ExitCode::conflict,
                .message = "'" + (folder / (name + ".yaml")).string() + "' exists already and is never overwritten",
                .fix = "name another folder: smflow config init FOLDER"});
    }
  }
  Screen screen = session.screen();
  for (const auto& [name, schema] : configs) {
    const std::string schema_file = name + ".schema.json";
    value_or_throw(write_file(folder / schema_file, config::to_json_schema(*schema)));
    value_or_throw(
        write_file(folder / (name + ".yaml"), config::template_yaml(*schema, schema_file), Overwrite::exclusive));
    screen.line("wrote " + (folder / (name + ".yaml")).string());
  }
  screen.line("next: edit them, then smflow config check --config " + (folder / "sagemaker_config.yaml").string());
  return 0;
}

}  // namespace

void add_config_init(CLI::App& config, Session& session) {
  auto folder = std::make_shared<std::string>("configs");
  CLI::App* command = config.add_subcommand(
      "init", help_text("Write the two commented config files, with schemas for your editor, into a folder.",
                        {"smflow config init", "smflow config init experiments/wider_latent"}));
  command->add_option("folder", *folder, "Where to write")->default_str("configs");
  command->callback([&session, folder] { session.action = [&session, folder] { return init(session, *folder); }; });
}

}  // namespace smflow::cli
