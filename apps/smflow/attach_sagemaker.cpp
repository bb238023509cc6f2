#include "attach_sagemaker.hpp"

#include <array>
#include <charconv>
#include <cstdlib>
#include <thread>

#include <unistd.h>

#include <smflow/aws/operations/ssm.hpp>
#include <smflow/aws/operations/training_jobs.hpp>
#include <smflow/base/process.hpp>
#include <smflow/base/text.hpp>
#include <smflow/contract/debugging.hpp>

namespace smflow::cli {

namespace {

constexpr const char* plugin = "session-manager-plugin";
constexpr const char* answer_variable = "AWS_SSM_START_SESSION_RESPONSE";
constexpr std::chrono::seconds look_again{5};

[[noreturn]] void fail(const char* code, ExitCode exit, std::string message, std::string fix) {
  throw CommandFailure(Error{.code = code, .exit = exit, .message = std::move(message), .fix = std::move(fix)});
}

// Newer ones read the answer, which holds a token, from a variable; older ones from their command line.
bool reads_variable(const std::string& version) {
  constexpr std::array<int, 3> first{1, 2, 497};
  std::array<int, 3> numbers{};
  const std::vector<std::string> parts = split(trim(version), '.');
  for (std::size_t index = 0; index < std::min(parts.size(), numbers.size()); ++index) {
    std::from_chars(parts[index].data(), parts[index].data() + parts[index].size(), numbers[index]);
  }
  return numbers > first;
}

class RemoteJob {
 public:
  RemoteJob(Session& session, const AttachOptions& options, const AwsOptions& aws)
      : screen_(session.screen()),
        job_(options.job),
        host_(options.host.empty() ? "algo-1" : options.host),
        profile_(aws.profile),
        access_(aws) {}

  int attach() {
    const auto version = run_process({plugin, "--version"}, {.time = std::chrono::seconds(10)});
    if (!version) no_plugin();
    let_in(once_it_trains());
    return become_plugin(started(), reads_variable(version->out));
  }

 private:
  std::string target() const { return "sagemaker-training-job:" + job_ + "_" + host_; }
  aws::Client& sagemaker() { return access_.client(aws::sagemaker); }
  const std::string& region() { return access_.session().region(); }

  std::string command_by_hand() {
    std::string command = "aws ssm start-session --target " + shell_quote(target());
    if (!region().empty()) command += " --region " + region();
    if (!profile_.empty()) command += " --profile " + shell_quote(profile_);
    return command;
  }

  [[noreturn]] void no_plugin() {
    fail(
        "E390", ExitCode::machine,
        "no job '" + job_ + "' runs on this machine, and one on SageMaker needs '" + plugin +
            "' of AWS Systems Manager, which is not there",
        "install it (docs.aws.amazon.com/systems-manager, \"Install the Session Manager plugin\"); the same by hand: " +
            command_by_hand());
  }

  aws::TrainingJob described() {
    auto job = aws::describe_training_job(sagemaker(), job_);
    if (!job) throw CommandFailure(aws::as_error(job.error()));
    if (job->status == "InProgress") return *std::move(job);
    fail("E391", ExitCode::conflict,
         "job '" + job_ + "' is " + job->status + ": nobody can get into its containers any more",
         "start it again; for what it left: smflow logs " + job_ + ", smflow pull " + job_);
  }

  void let_in(const aws::TrainingJob& job) {
    const Json enabled = job.document.value("/RemoteDebugConfig/EnableRemoteDebug"_json_pointer, Json(false));
    if (enabled == true) return;
    if (const auto asked = aws::enable_remote_debug(sagemaker(), job_); !asked) {
      fail("E391", ExitCode::conflict,
           "job '" + job_ + "' lets nobody in, and that cannot be changed now: " + aws::as_error(asked.error()).message,
           "set SAGEMAKER.REMOTE_DEBUG: true, or start it with --debug");
    }
    screen_.line("remote debugging is on now");
  }

  // Remote debugging cannot be switched on before.
  aws::TrainingJob once_it_trains() {
    for (;;) {
      aws::TrainingJob job = described();
      if (job.secondary_status == "Training") {
        screen_.clear_live();
        return job;
      }
      screen_.live("waiting until the job trains: " + job.secondary_status);
      std::this_thread::sleep_for(look_again);
    }
  }

  Json started() {
    auto session = aws::start_session(access_.client(aws::ssm), target());
    if (session) return *std::move(session);
    if (session.error().code == "TargetNotConnected") {
      fail("E392", ExitCode::service, "the container of '" + host_ + "' does not answer: " + session.error().message,
           "wait a minute, as its agent starts with the job; the job's role needs ssmmessages:CreateControlChannel, "
           "CreateDataChannel, OpenControlChannel and OpenDataChannel, and its VPC a way to Systems Manager");
    }
    Error error = aws::as_error(session.error());
    if (session.error().kind == aws::AwsError::Kind::access_denied) {
      error.fix = "you need ssm:StartSession and ssm:TerminateSession for targets sagemaker-training-job:*";
    }
    throw CommandFailure(std::move(error));
  }

  std::string endpoint() {
    const auto endpoint = access_.client(aws::ssm).endpoint();
    return endpoint ? endpoint->scheme + "://" + endpoint->authority : "";
  }

  int become_plugin(const Json& answer, bool by_variable) {
    screen_.line("a shell in '" + host_ + "' of " + job_ + "; 'exit' leaves it, the job goes on");
    screen_.line("a program that was started with --debug: train console");
    std::string response = answer.dump();
    if (by_variable) {
      ::setenv(answer_variable, response.c_str(), 1);
      response = answer_variable;
    }
    const int error = become_program({plugin, response, region(), "StartSession", access_.session().profile(),
                                      Json{{"Target", target()}}.dump(), endpoint()});
    static_cast<void>(aws::terminate_session(access_.client(aws::ssm), answer.value("SessionId", "")));
    fail("E390", ExitCode::machine, "cannot start '" + std::string(plugin) + "': " + system_error_text(error),
         "install it");
  }

  Screen screen_;
  const std::string job_;
  const std::string host_;
  const std::string profile_;  // of the command line
  AwsAccess access_;
};

}  // namespace

int attach_sagemaker(Session& session, const AttachOptions& options, const AwsOptions& aws) {
  if (options.opening != Opening::automatic && options.opening != Opening::shell) {
    fail("E380", ExitCode::usage,
         "no job '" + options.job + "' runs on this machine, and one on SageMaker gives a shell only",
         "smflow attach " + options.job + "; in that shell gdb, py-spy and 'train console' run beside the program");
  }
  return RemoteJob(session, options, aws).attach();
}

}  // namespace smflow::cli
