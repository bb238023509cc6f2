#include "sagemaker_access.hpp"

#include <CLI/CLI.hpp>

namespace smflow::cli {

void add_wait(CLI::App& app, Session& session) {
  auto options = std::make_shared<JobOptions>();
  CLI::App* command = app.add_subcommand("wait", help_text(wait_summary, {"smflow wait gan-20260131-120000-x7k2",
                                                                          "smflow wait NAME && smflow pull NAME"}));
  add_job_options(*command, *options);
  add_json_option(*command, session);
  command->callback([&session, options] {
    session.action = [&session, options] {
      AwsAccess access(options->aws);
      return follow_job(session, options->name, access, {.with_logs = false});
    };
  });
}

}  // namespace smflow::cli
