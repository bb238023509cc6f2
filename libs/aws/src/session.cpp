#include "expand_home.hpp"
#include "retry_options.hpp"

#include <smflow/aws/session.hpp>
#include <smflow/base/text.hpp>

namespace smflow::aws {

namespace {

std::filesystem::path sign_on_cache(const EnvironmentLookup& environment) {
  const auto home = nonempty(environment, "HOME");
  return home ? std::filesystem::path(*home) / ".aws/sso/cache" : std::filesystem::path();
}

}  // namespace

Result<std::string> find_ca_bundle(const SessionOptions& options) {
  if (auto file = nonempty(options.environment, "AWS_CA_BUNDLE")) return *std::move(file);
  const auto files =
      read_profile_files(config_file_path(options.environment), credentials_file_path(options.environment));
  if (!files) return tl::unexpected(files.error());
  const auto profile = choose_profile(*files, options.profile, options.environment);
  if (!profile) return tl::unexpected(profile.error());
  return expand_home(files->get(profile->name, "ca_bundle").value_or(""), options.environment).string();
}

Session::Session(CredentialSeams seams, int attempts) : seams_(std::move(seams)), attempts_(attempts) {
  chain_ = std::make_unique<CredentialChain>(credential_providers(seams_), seams_.clock, seams_.random);
}

Result<std::unique_ptr<Session>> Session::open(SessionOptions options, http::Transport& transport, const Clock& clock,
                                               RandomSource& random) {
  auto files = read_profile_files(config_file_path(options.environment), credentials_file_path(options.environment));
  if (!files) return tl::unexpected(std::move(files).error());
  auto profile = choose_profile(*files, options.profile, options.environment);
  if (!profile) return tl::unexpected(std::move(profile).error());
  auto region = choose_region(options.region, *files, profile->name, options.environment);
  if (!region) return tl::unexpected(std::move(region).error());
  const auto attempts = choose_attempts(*files, profile->name, options.environment);
  if (!attempts) return tl::unexpected(attempts.error());
  auto cache = sign_on_cache(options.environment);
  return std::unique_ptr<Session>(new Session({.environment = std::move(options.environment),
                                               .files = *std::move(files),
                                               .profile = *std::move(profile),
                                               .region = region->value_or(""),
                                               .sso_cache = std::move(cache),
                                               .transport = transport,
                                               .clock = clock,
                                               .random = random,
                                               .sleep = std::move(options.sleep),
                                               .run = std::move(options.run),
                                               .ask_mfa = std::move(options.ask_mfa)},
                                              *attempts));
}

Result<std::unique_ptr<Client>> Session::client(const Service& service, const std::string& url) {
  if (seams_.region.empty()) {
    return tl::unexpected(Error{.code = "E410",
                                .exit = ExitCode::configuration,
                                .message = "no AWS region is set",
                                .fix = "set AWS_REGION, or region in the profile '" + profile() + "'"});
  }
  auto options = endpoint_options(service, seams_.files, profile(), seams_.environment, url);
  if (!options) return tl::unexpected(std::move(options).error());
  const std::string no_correction = seams_.environment("AWS_DISABLE_CLOCK_SKEW_CORRECTION").value_or("");
  auto client = std::make_unique<Client>(service, region(), *std::move(options),
                                         ClientParts{.transport = seams_.transport,
                                                     .credentials = chain_.get(),
                                                     .clock = seams_.clock,
                                                     .random = seams_.random,
                                                     .sleep = seams_.sleep,
                                                     .retries = {.attempts = attempts_},
                                                     .corrects_clock = to_upper(no_correction) != "TRUE"});
  if (auto valid = client->endpoint(); !valid) return tl::unexpected(std::move(valid).error());
  return client;
}

}  // namespace smflow::aws
