#include "job_loading.hpp"
#include "preflight_report.hpp"

#include <CLI/CLI.hpp>

#include <smflow/base/clock.hpp>
#include <smflow/base/random.hpp>
#include <smflow/plan/make_plan.hpp>

namespace smflow::cli {

namespace {

int check(Session& session, const ConfigOptions& options) {
  Screen screen = session.screen();
  const plan::JobConfigs configs = load_configs(options, screen);
  SystemRandom random;
  const auto plan = plan::make_plan(configs, SystemClock().now(), random);
  if (!plan) throw CommandFailure(plan.error());
  AwsAccess access({.region = plan->job.platform.region});
  const preflight::Findings findings = preflight_findings(configs, plan->job, access);
  if (session.json) {
    const std::string text = findings_as_json(findings).dump(2, ' ', false, OrderedJson::error_handler_t::replace);
    std::fprintf(session.out, "%s\n", text.c_str());
    std::fflush(session.out);
  } else {
    print_findings(session, findings);
  }
  session.json = false;  // stdout has its document already
  require_passed(findings, screen);
  return 0;
}

}  // namespace

void add_check(CLI::App& app, Session& session) {
  auto options = std::make_shared<ConfigOptions>();
  CLI::App* command = app.add_subcommand(
      "check", help_text(std::string(check_summary) + "\nNothing is started and nothing on AWS is changed.",
                         {"smflow check --config configs/sagemaker_config.yaml",
                          "smflow check --config FILE --set SAGEMAKER.INSTANCE_TYPE=ml.g5.xlarge",
                          "smflow check --config FILE --json"}));
  add_config_options(*command, *options);
  add_json_option(*command, session);
  command->callback([&session, options] { session.action = [&session, options] { return check(session, *options); }; });
}

}  // namespace smflow::cli
