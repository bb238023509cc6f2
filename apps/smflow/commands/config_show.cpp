#include "job_loading.hpp"

#include <CLI/CLI.hpp>

#include <smflow/base/json.hpp>
#include <smflow/config/documents.hpp>

namespace smflow::cli {

namespace {

struct ShowOptions {
  ConfigOptions configs;
  bool origin = false;
};

OrderedJson values(const config::Config& config, bool origin) {
  return OrderedJson::parse(config::values_json(config, origin ? config::Origins::shown : config::Origins::hidden));
}

void print_origins(std::FILE* out, const config::Config& config) {
  for (const config::Field& field : config.schema().fields) {
    std::fprintf(out, "%s: %s   # %s\n", field.path().c_str(), config::to_text(config.value(field.path())).c_str(),
                 config.origin(field.path()).text.c_str());
  }
}

int show(Session& session, const ShowOptions& options) {
  Screen screen = session.screen();
  const plan::JobConfigs configs = load_configs(options.configs, screen);
  if (session.json) {
    OrderedJson document{{"sagemaker", values(configs.sagemaker, options.origin)}};
    if (configs.training) document["training"] = values(*configs.training, options.origin);
    std::fprintf(session.out, "%s\n", document.dump(2).c_str());
    return 0;
  }
  for (const config::Config* config : {&configs.sagemaker, configs.training ? &*configs.training : nullptr}) {
    if (config == nullptr) continue;
    std::fprintf(session.out, "# The %s configuration in force\n", config->schema().name.c_str());
    if (options.origin) {
      print_origins(session.out, *config);
    } else {
      std::fputs(config::effective_yaml(*config).c_str(), session.out);
    }
  }
  return 0;
}

}  // namespace

void add_config_show(CLI::App& config, Session& session) {
  auto options = std::make_shared<ShowOptions>();
  CLI::App* command = config.add_subcommand(
      "show", help_text("Print both configs as a job would see them: defaults, files, environment, --set.",
                        {"smflow config show --config configs/sagemaker_config.yaml",
                         "smflow config show --config FILE --origin        # where each value comes from",
                         "smflow config show --config FILE --json | jq .training"}));
  add_config_options(*command, options->configs);
  command->add_flag("--origin", options->origin, "Say where every value comes from");
  add_json_option(*command, session);
  command->callback([&session, options] { session.action = [&session, options] { return show(session, *options); }; });
}

}  // namespace smflow::cli
