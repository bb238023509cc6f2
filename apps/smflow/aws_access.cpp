#include "aws_access.hpp"

#include "hidden_input.hpp"

#include <CLI/CLI.hpp>

#include <smflow/aws/operations/sts.hpp>
#include <smflow/aws/partition.hpp>

namespace smflow::cli {

namespace {

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

// The terminal itself, whatever stdin and stdout are.
Result<std::string> ask_mfa(const std::string& serial) {
  const std::unique_ptr<std::FILE, CloseFile> terminal(std::fopen("/dev/tty", "r+"));
  if (!terminal) {
    return tl::unexpected(Error{.code = "E409",
                                .exit = ExitCode::permission,
                                .message = "the profile asks for the code of the MFA device '" + serial +
                                           "', and there is no terminal to ask on",
                                .fix = "run the command on a terminal"});
  }
  std::fprintf(terminal.get(), "code of the MFA device %s: ", serial.c_str());
  std::fflush(terminal.get());
  char line[64] = {};
  {
    const HiddenInput hidden(::fileno(terminal.get()));
    if (std::fgets(line, sizeof line, terminal.get()) == nullptr) line[0] = '\0';
  }
  std::fputc('\n', terminal.get());
  std::string code = line;
  while (!code.empty() && (code.back() == '\n' || code.back() == ' ')) code.pop_back();
  return code;
}

aws::SessionOptions session_options(const AwsOptions& options) {
  return {.profile = options.profile, .region = options.region, .ask_mfa = ask_mfa};
}

}  // namespace

void add_aws_options(CLI::App& command, AwsOptions& options) {
  command.add_option("--profile", options.profile, "The profile of ~/.aws to use instead of AWS_PROFILE");
  command.add_option("--region", options.region, "The region to use instead of AWS_REGION");
}

AwsAccess::AwsAccess(const AwsOptions& options) : options_(options) {}

aws::Session& AwsAccess::session() {
  if (session_) return *session_;
  const auto make_transport = [this](const std::string& ca_bundle) -> http::Transport& {
    transport_ = http::make_transport({.user_agent = "smflow/" SMFLOW_VERSION, .ca_bundle = ca_bundle});
    return *transport_;
  };
  session_ = value_or_throw(aws::Session::open(session_options(options_), make_transport, clock_, random_));
  return *session_;
}

http::Transport& AwsAccess::transport() {
  session();
  return *transport_;
}

aws::Client& AwsAccess::client(const aws::Service& service) {
  auto& client = clients_[service.id];
  if (!client) client = value_or_throw(session().client(service));
  return *client;
}

const plan::Caller& AwsAccess::caller() {
  if (caller_) return *caller_;
  const auto identity = aws::get_caller_identity(client(aws::sts));
  if (!identity) throw CommandFailure(aws::as_error(identity.error()));
  caller_ = plan::Caller{.account = identity->account,
                         .region = session().region(),
                         .partition = std::string(aws::partition_of(session().region()).id)};
  return *caller_;
}

}  // namespace smflow::cli
