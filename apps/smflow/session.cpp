#include "session.hpp"

#include "override_options.hpp"

#include <CLI/CLI.hpp>
#include <unistd.h>

namespace smflow::cli {

Screen Session::screen() const {
  const bool terminal = isatty(fileno(err)) == 1;
  return Screen(err, terminal, use_color(color, terminal));
}

void add_override_options(CLI::App& command, std::vector<std::string>& set, std::vector<std::string>& set_training) {
  command.add_option("--set", set, "Override an option of the SageMaker config; may be given several times")
      ->type_name("SECTION.KEY=VALUE")
      ->allow_extra_args(false);
  command
      .add_option("--set-training", set_training,
                  "Override an option of the training config; may be given several times")
      ->type_name("SECTION.KEY=VALUE")
      ->allow_extra_args(false);
}

void add_config_options(CLI::App& command, ConfigOptions& options) {
  command.add_option("-c,--config", options.config, "The SageMaker config file of the job")
      ->required()
      ->type_name("FILE");
  add_override_options(command, options.set, options.set_training);
}

void add_json_option(CLI::App& command, Session& session) {
  command.add_flag("--json", session.json, "Print JSON on stdout");
}

std::string help_text(const std::string& what, const std::vector<std::string>& examples) {
  std::string text = what + "\n\nExamples:";
  for (const std::string& example : examples) text += "\n  " + example;
  return text;
}

}  // namespace smflow::cli
