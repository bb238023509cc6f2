#include "aws_access.hpp"
#include "job_loading.hpp"
#include "local_service.hpp"
#include "pull_folder.hpp"
#include "session.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <smflow/aws/operations/sts.hpp>
#include <smflow/aws/session.hpp>
#include <smflow/base/files.hpp>
#include <smflow/base/json.hpp>
#include <smflow/container/container_engine.hpp>
#include <smflow/engine/local_engine.hpp>

namespace smflow::cli {

namespace {

const char* to_string(aws::CredentialTrace::Use use) {
  switch (use) {
    case aws::CredentialTrace::Use::used:
      return "used";
    case aws::CredentialTrace::Use::skipped:
      return "skipped";
    case aws::CredentialTrace::Use::failed:
      return "failed";
  }
  return "";
}

// What is known of the way to AWS; each step needs those before it.
struct Findings {
  std::string profile;
  std::string region;
  std::string region_from;
  std::vector<aws::CredentialTrace> sources = {};
  std::optional<aws::CallerIdentity> caller = {};
  std::optional<Error> error = {};
};

Findings look(const AwsOptions& options) {
  AwsAccess access(options);
  aws::Session& session = access.session();
  Findings findings{.profile = session.profile(), .region = session.region(), .region_from = session.region_from()};
  const auto credentials = session.credentials().get();
  findings.sources = session.credentials().trace();
  if (!credentials) {
    findings.error = credentials.error();
    return findings;
  }
  try {
    const auto caller = aws::get_caller_identity(access.client(aws::sts));
    if (caller) {
      findings.caller = *caller;
    } else {
      findings.error = aws::as_error(caller.error());
    }
  } catch (const CommandFailure& failure) {
    findings.error = failure.errors().front();
  }
  return findings;
}

void print(const Session& session, const Findings& findings) {
  fmt::print(session.out, "{:<12} {}\n", "profile", findings.profile);
  const std::string region =
      findings.region.empty() ? "none" : fmt::format("{}, from {}", findings.region, findings.region_from);
  fmt::print(session.out, "{:<12} {}\n", "region", region);
  fmt::print(session.out, "credentials\n");
  for (const aws::CredentialTrace& source : findings.sources) {
    fmt::print(session.out, "  {:<20} {:<8} {}\n", source.source, to_string(source.use), source.why);
  }
  if (findings.caller) fmt::print(session.out, "{:<12} {}\n", "identity", findings.caller->arn);
}

OrderedJson as_json(const Findings& findings) {
  OrderedJson sources = OrderedJson::array();
  for (const aws::CredentialTrace& source : findings.sources) {
    sources.push_back({{"source", source.source}, {"use", to_string(source.use)}, {"why", source.why}});
  }
  OrderedJson json = {{"schema", "smflow.doctor/1"},         {"profile", findings.profile}, {"region", findings.region},
                      {"region_from", findings.region_from}, {"credentials", sources},      {"identity", nullptr}};
  if (findings.caller) json["identity"] = {{"account", findings.caller->account}, {"arn", findings.caller->arn}};
  return json;
}

int examine(Session& session, const AwsOptions& options) {
  const Findings findings = look(options);
  if (session.json) {
    fmt::print(session.out, "{}\n", as_json(findings).dump(2, ' ', false, OrderedJson::error_handler_t::replace));
  } else {
    print(session, findings);
  }
  if (!findings.error) return 0;
  std::fflush(session.out);
  session.json = false;  // stdout has its document already
  throw CommandFailure(*findings.error);
}

// A pull goes into a folder of the job's name in the one where it is typed, unless it is told another.
std::vector<std::string> remove_pulls_here() {
  std::vector<std::string> removed = remove_pull_leftovers(".");
  std::error_code failed;
  for (const auto& entry : std::filesystem::directory_iterator(".", failed)) {
    if (entry.is_symlink(failed)) continue;
    const auto more = remove_pull_leftovers(entry.path().lexically_normal());
    removed.insert(removed.end(), more.begin(), more.end());
  }
  return removed;
}

// What jobs and pulls have left whose process was killed.
int clean(const Session& session, const std::string& config) {
  std::vector<std::string> removed = engine::remove_leftovers(work_directory({}));
  if (!config.empty()) {
    const auto more = engine::remove_leftovers(work_directory(config));
    removed.insert(removed.end(), more.begin(), more.end());
  }
  const auto pulls = remove_pulls_here();
  removed.insert(removed.end(), pulls.begin(), pulls.end());
  if (const auto docker = find_container_engine()) {
    const auto more = value_or_throw(container::remove_leftovers(**docker));
    removed.insert(removed.end(), more.begin(), more.end());
  } else {
    session.screen().line("containers were not looked for: " + docker.error().message);
  }
  if (session.json) {
    fmt::print(session.out, "{}\n", OrderedJson{{"removed", removed}}.dump());
    return 0;
  }
  for (const std::string& name : removed) fmt::print(session.out, "removed {}\n", name);
  if (removed.empty()) fmt::print(session.out, "nothing was left behind\n");
  return 0;
}

}  // namespace

void add_doctor(CLI::App& app, Session& session) {
  struct DoctorOptions {
    AwsOptions aws;
    bool clean = false;
    std::string config = {};
  };
  auto options = std::make_shared<DoctorOptions>();
  CLI::App* command = app.add_subcommand(
      "doctor",
      help_text(doctor_summary,
                {"smflow doctor", "smflow doctor --profile team --region eu-west-1",
                 "AWS_ENDPOINT_URL=http://127.0.0.1:5000 smflow doctor   # another endpoint than AWS's",
                 "smflow doctor --clean                         # remove what killed jobs and pulls have left",
                 "smflow doctor --clean --config FILE           # also of jobs whose config sets LOCAL.WORK_DIR"}));
  add_aws_options(*command, options->aws);
  CLI::Option* const clean_flag = command->add_flag(
      "--clean", options->clean,
      "Remove the folders, containers and networks of local jobs whose launcher is gone, and what killed pulls "
      "have left in this folder and in those of it");
  command->add_option("--config", options->config, "With --clean: a job's config, when it sets LOCAL.WORK_DIR")
      ->type_name("FILE")
      ->needs(clean_flag);
  add_json_option(*command, session);
  command->callback([&session, options] {
    session.action = [&session, options] {
      return options->clean ? clean(session, options->config) : examine(session, options->aws);
    };
  });
}

}  // namespace smflow::cli
