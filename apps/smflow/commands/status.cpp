#include "sagemaker_access.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <smflow/base/text.hpp>

namespace smflow::cli {

namespace {

std::string duration_text(const plan::StatusTransition& transition, WallTime now) {
  return format_duration(transition.end.value_or(now) - transition.start);
}

void print(const Session& session, Screen& screen, const plan::JobDescription& job, WallTime now) {
  const bool ended = plan::is_terminal(job.status);
  fmt::print(session.out, "{:<12} {}\n", "job", job.job_name);
  fmt::print(session.out, "{:<12} {}\n", "status", plan::to_string(job.status));
  fmt::print(session.out, "{:<12} {}\n", "created", format_utc(job.creation_time));
  for (const plan::StatusTransition& transition : job.transitions) {
    const bool lasts = !ended || transition.end;
    fmt::print(session.out, "  {}  {:<12} {:>12}  {}\n", format_utc(transition.start).substr(11, 8), transition.status,
               lasts ? duration_text(transition, now) : "", printable(transition.message));
  }
  std::fflush(session.out);
  if (ended) print_summary(session, screen, {.job = job, .places = places_of(job)});
}

OrderedJson time_or_null(const std::optional<WallTime>& time) {
  return time ? OrderedJson(format_utc(*time)) : OrderedJson(nullptr);
}

OrderedJson seconds_or_null(const std::optional<std::chrono::seconds>& duration) {
  return duration ? OrderedJson(duration->count()) : OrderedJson(nullptr);
}

OrderedJson as_json(const plan::JobDescription& job) {
  OrderedJson transitions = OrderedJson::array();
  for (const plan::StatusTransition& one : job.transitions) {
    transitions.push_back({{"status", one.status},
                           {"start", format_utc(one.start)},
                           {"end", time_or_null(one.end)},
                           {"message", one.message}});
  }
  OrderedJson json{{"schema", "smflow.status/1"},
                   {"job_name", job.job_name},
                   {"arn", job.arn},
                   {"status", plan::to_string(job.status)},
                   {"secondary_status", job.secondary_status},
                   {"failure_reason", job.failure_reason},
                   {"instance_count", job.instance_count},
                   {"created", format_utc(job.creation_time)},
                   {"started", time_or_null(job.training_start_time)},
                   {"ended", time_or_null(job.training_end_time)},
                   {"training_seconds", seconds_or_null(job.training_time)},
                   {"billable_seconds", seconds_or_null(job.billable_time)},
                   {"transitions", transitions},
                   {"places", OrderedJson::object()}};
  for (const auto& [name, uri] : places_of(job)) json["places"][name] = uri;
  return json;
}

int print_status(Session& session, const JobOptions& options) {
  AwsAccess access(options.aws);
  SageMakerAccess sagemaker(access, {});
  const plan::JobDescription job = value_or_throw(sagemaker.service().describe(options.name));
  if (session.json) {
    fmt::print(session.out, "{}\n", as_json(job).dump(2, ' ', false, OrderedJson::error_handler_t::replace));
    return 0;
  }
  Screen screen = session.screen();
  print(session, screen, job, access.clock().now());
  return 0;
}

}  // namespace

void add_status(CLI::App& app, Session& session) {
  auto options = std::make_shared<JobOptions>();
  CLI::App* command = app.add_subcommand(
      "status",
      help_text(status_summary, {"smflow status gan-20260131-120000-x7k2", "smflow status NAME --json | jq .status"}));
  add_job_options(*command, *options);
  add_json_option(*command, session);
  command->callback(
      [&session, options] { session.action = [&session, options] { return print_status(session, *options); }; });
}

}  // namespace smflow::cli
