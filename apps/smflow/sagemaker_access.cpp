#include "sagemaker_access.hpp"

#include "job_view.hpp"
#include "last_lines.hpp"
#include "record_completion.hpp"

#include <CLI/CLI.hpp>

namespace smflow::cli {

namespace {

bool is_on_this_machine(const std::string& authority) {
  return authority.starts_with("127.") || authority.starts_with("localhost") || authority.starts_with("[::1]");
}

void print_detached(Screen& screen, const std::string& job) {
  screen.line("detached; the job goes on");
  screen.line("  follow it    smflow logs " + job + " --follow");
  screen.line("  stop it      smflow stop " + job);
}

// Of a failed job whose lines have not all been seen; what cannot be read is left out.
std::vector<std::string> last_lines_read(sagemaker::SageMakerService& service, const std::string& job,
                                         const std::string& reason) {
  plan::SilentObserver silent;
  LastLines lines(silent);
  static_cast<void>(service.read_last_lines(job, last_line_count, lines));
  return lines.of_failed_host(reason);
}

}  // namespace

sagemaker::FollowOptions with_pacing(sagemaker::FollowOptions options, const aws::Client& client) {
  using namespace std::chrono_literals;
  const auto endpoint = client.endpoint();
  if (endpoint && is_on_this_machine(endpoint->authority)) {
    options.pacing.describe = options.pacing.logs = 500ms;
    options.pacing.settle = 1500ms;
  }
  return options;
}

SageMakerAccess::SageMakerAccess(AwsAccess& access, sagemaker::FollowOptions options, plan::Caller caller,
                                 plan::RunTags tags)
    : shows_all_lines_(options.with_logs && !options.logs.since && options.logs.hosts.empty()),
      interrupts_([this](int, int) { detach_.request_stop(); }),
      training_(access.client(aws::sagemaker), detach_.get_token()),
      logs_(access.client(aws::logs), detach_.get_token()),
      service_({.training = training_, .logs = logs_, .clock = access.clock(), .detach = detach_.get_token()},
               with_pacing(std::move(options), access.client(aws::sagemaker)), std::move(caller), std::move(tags)) {}

int show_to_the_end(Session& session, Screen& screen, SageMakerAccess& sagemaker, const std::string& job,
                    bool several_hosts, const Follow& follow) {
  const SystemClock clock;
  const auto view = session.json ? make_json_view(session.out)
                                 : make_text_view(session.out, screen, clock,
                                                  {.several_hosts = several_hosts, .hint = "Ctrl-C detaches"});
  LastLines lines(*view);
  const auto followed = follow(lines);
  screen.clear_live();
  if (!followed && sagemaker.first_signal() != 0) {
    print_detached(screen, job);
    return exit_code_of_signal(sagemaker.first_signal());
  }
  if (!followed) throw CommandFailure(followed.error());
  Summary summary{.job = followed->job, .places = followed->places, .warnings = followed->warnings};
  if (followed->job.status == plan::JobStatus::Failed) {
    const std::string& reason = followed->job.failure_reason;
    summary.last_lines =
        sagemaker.shows_all_lines() ? lines.of_failed_host(reason) : last_lines_read(sagemaker.service(), job, reason);
  }
  print_summary(session, screen, summary);
  return exit_code_of(followed->job);
}

void add_job_options(CLI::App& command, JobOptions& options) {
  command.add_option("name", options.name, "The training job's name")->required()->type_name("NAME");
  add_aws_options(command, options.aws);
}

int follow_job(Session& session, const std::string& name, AwsAccess& access, sagemaker::FollowOptions follow) {
  Screen screen = session.screen();
  SageMakerAccess sagemaker(access, std::move(follow));
  return follow_job(session, screen, access, sagemaker, value_or_throw(sagemaker.service().describe(name)));
}

int follow_job(Session& session, Screen& screen, AwsAccess& access, SageMakerAccess& sagemaker,
               plan::JobDescription job) {
  const std::string name = job.job_name;
  KeptLines lines;
  const int exit_code = show_to_the_end(session, screen, sagemaker, name, job.instance_count > 1,
                                        [&](plan::JobObserver& view) -> Result<Followed> {
                                          LineKeeper keeper(view, lines);
                                          auto ended = sagemaker.service().follow(name, keeper);
                                          if (!ended) return tl::unexpected(std::move(ended).error());
                                          job = *std::move(ended);
                                          return Followed{.job = job, .places = places_of(job)};
                                        });
  RecordCompletion(access, sagemaker.detached()).complete(job, sagemaker.shows_all_lines() ? &lines : nullptr);
  return exit_code;
}

}  // namespace smflow::cli
