#include "job_view.hpp"
#include "record_completion.hpp"
#include "sagemaker_access.hpp"
#include "since.hpp"

#include <algorithm>

#include <CLI/CLI.hpp>

#include <smflow/base/text.hpp>
#include <smflow/contract/contract.hpp>

namespace smflow::cli {

namespace {

struct LogsOptions {
  JobOptions job;
  bool follow = false;
  std::string since;
  std::vector<std::string> hosts;
};

sagemaker::LogSelection selection(const LogsOptions& options) {
  sagemaker::LogSelection selection;
  selection.hosts.insert(options.hosts.begin(), options.hosts.end());
  if (options.since.empty()) return selection;
  selection.since = parse_since(options.since, SystemClock().now());
  if (selection.since) return selection;
  throw CommandFailure(Error{.code = "E002",
                             .exit = ExitCode::usage,
                             .message = "--since: '" + options.since + "' is neither a duration nor a time",
                             .fix = "write 90s, 10m, 2h or 3d, or a time like 2026-01-31T12:00:00Z"});
}

void check_hosts(const std::vector<std::string>& hosts, const plan::JobDescription& job) {
  const std::vector<std::string> known = contract::host_names(job.instance_count);
  for (const std::string& host : hosts) {
    if (std::ranges::find(known, host) != known.end()) continue;
    throw CommandFailure(Error{.code = "E002",
                               .exit = ExitCode::usage,
                               .message = "--host: job '" + job.job_name + "' has no host '" + host + "'",
                               .fix = "one of: " + join(known, ", ")});
  }
}

// Their last lines may come late.
bool has_just_ended(const plan::JobDescription& job, WallTime now) {
  return now - job.training_end_time.value_or(now) < sagemaker::FollowPacing{}.late_lines;
}

int print_logs(Session& session, const LogsOptions& options) {
  sagemaker::FollowOptions follow{.logs = selection(options)};
  Screen screen = session.screen();
  AwsAccess access(options.job.aws);
  SageMakerAccess sagemaker(access, std::move(follow));
  const plan::JobDescription job = value_or_throw(sagemaker.service().describe(options.job.name));
  check_hosts(options.hosts, job);
  if (options.follow) return follow_job(session, screen, access, sagemaker, job);
  const auto view = session.json ? make_json_view(session.out)
                                 : make_text_view(session.out, screen, access.clock(),
                                                  {.several_hosts = job.instance_count > 1, .live = false});
  KeptLines lines;
  LineKeeper keeper(*view, lines);
  const auto read = sagemaker.service().read_logs(options.job.name, keeper);
  screen.clear_live();
  if (!read && sagemaker.first_signal() != 0) return exit_code_of_signal(sagemaker.first_signal());
  if (!read) throw CommandFailure(read.error());
  const bool has_read_all = sagemaker.shows_all_lines() && !has_just_ended(job, access.clock().now());
  RecordCompletion(access, sagemaker.detached()).complete(job, has_read_all ? &lines : nullptr);
  return 0;
}

}  // namespace

void add_logs(CLI::App& app, Session& session) {
  auto options = std::make_shared<LogsOptions>();
  CLI::App* command = app.add_subcommand(
      "logs", help_text(logs_summary, {"smflow logs gan-20260131-120000-x7k2", "smflow logs NAME --follow",
                                       "smflow logs NAME --since 10m --host algo-2"}));
  add_job_options(*command, options->job);
  command->add_flag("-f,--follow", options->follow, "Go on until the job has ended; then exit as the job did");
  command->add_option("--since", options->since, "Only lines since then: 90s, 10m, 2h, 3d, or a time")
      ->type_name("TIME");
  command->add_option("--host", options->hosts, "Only this host; may be given several times")
      ->type_name("algo-N")
      ->allow_extra_args(false);
  add_json_option(*command, session);
  command->callback(
      [&session, options] { session.action = [&session, options] { return print_logs(session, *options); }; });
}

}  // namespace smflow::cli
