#include "sagemaker_access.hpp"

#include <CLI/CLI.hpp>

namespace smflow::cli {

namespace {

struct StopOptions {
  JobOptions job;
  bool wait = false;
};

void ask_to_stop(Session& session, const StopOptions& options, AwsAccess& access) {
  Screen screen = session.screen();
  SageMakerAccess sagemaker(access, {});
  value_or_throw(sagemaker.service().stop(options.job.name));
  const plan::JobDescription job = value_or_throw(sagemaker.service().describe(options.job.name));
  const bool ended = plan::is_terminal(job.status);
  screen.line(options.job.name + (ended ? " has ended already: " : ": ") + plan::to_string(job.status));
  if (!ended && !options.wait) screen.line("it has two minutes to save; smflow wait " + options.job.name);
  if (session.json && !options.wait) {
    const OrderedJson result{{"job_name", job.job_name}, {"status", plan::to_string(job.status)}};
    std::fprintf(session.out, "%s\n", result.dump().c_str());
  }
}

// A job that was stopped as it was asked to is what the caller wants.
int stop(Session& session, const StopOptions& options) {
  AwsAccess access(options.job.aws);
  ask_to_stop(session, options, access);
  if (!options.wait) return 0;
  const int exit_code = follow_job(session, options.job.name, access, {.with_logs = false});
  return exit_code == static_cast<int>(ExitCode::job_stopped) ? 0 : exit_code;
}

}  // namespace

void add_stop(CLI::App& app, Session& session) {
  auto options = std::make_shared<StopOptions>();
  CLI::App* command = app.add_subcommand(
      "stop", help_text(stop_summary, {"smflow stop gan-20260131-120000-x7k2", "smflow stop NAME --wait"}));
  add_job_options(*command, options->job);
  command->add_flag("--wait", options->wait, "Return when the job has ended");
  add_json_option(*command, session);
  command->callback([&session, options] { session.action = [&session, options] { return stop(session, *options); }; });
}

}  // namespace smflow::cli
