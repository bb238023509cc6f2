#include "job_loading.hpp"

#include <CLI/CLI.hpp>

#include <smflow/base/json.hpp>
#include <smflow/base/text.hpp>
#include <smflow/config/documents.hpp>
#include <smflow/plan/make_plan.hpp>

namespace smflow::cli {

namespace {

std::size_t changed_options(const plan::JobConfigs& configs) {
  return config::changed(configs.sagemaker).size() + (configs.training ? config::changed(*configs.training).size() : 0);
}

int check(Session& session, const ConfigOptions& options) {
  Screen screen = session.screen();
  const plan::JobConfigs configs = load_configs(options, screen);
  SystemRandom random;
  const auto plan = plan::make_plan(configs, SystemClock().now(), random);
  if (!plan) throw CommandFailure(plan.error());
  if (session.json) {
    std::fprintf(session.out, "%s\n",
                 OrderedJson{{"schema", "smflow.config-check/1"}, {"errors", OrderedJson::array()}}.dump(2).c_str());
  }
  screen.line(screen.paint("32", "ok") + "  " + configs.sagemaker_file.path.string() + " and " +
              configs.training_file.path.string() + ": " + counted(changed_options(configs), "value") +
              " differ from the defaults");
  return 0;
}

}  // namespace

void add_config_check(CLI::App& config, Session& session) {
  auto options = std::make_shared<ConfigOptions>();
  CLI::App* command = config.add_subcommand(
      "check", help_text("Check both configs of a job and start nothing. All mistakes are reported at once.",
                         {"smflow config check --config configs/sagemaker_config.yaml",
                          "smflow config check --config FILE --set-training TRAINING.NUM_EPOCHS=20"}));
  add_config_options(*command, *options);
  add_json_option(*command, session);
  command->callback([&session, options] { session.action = [&session, options] { return check(session, *options); }; });
}

}  // namespace smflow::cli
