#include "checksum_options.hpp"
#include "credentials/metadata.hpp"
#include "expand_home.hpp"
#include "retry_options.hpp"

#include <smflow/aws/session.hpp>
#include <smflow/base/text.hpp>

namespace smflow::aws {

namespace {

// Empty without a home.
std::filesystem::path below_home(const EnvironmentLookup& environment, const char* path) {
  const auto home = nonempty(environment, "HOME");
  return home ? std::filesystem::path(*home) / path : std::filesystem::path();
}

// Of nobody and nowhere when nobody names one.
Result<RegionChoice> find_region(const SessionOptions& options, const ProfileFiles& files, const std::string& profile,
                                 http::Transport& transport) {
  auto named = choose_region(options.region, files, profile, options.environment);
  if (!named) return tl::unexpected(std::move(named).error());
  if (*named) return **std::move(named);
  auto of_instance = region_of_instance(options.environment, transport);
  if (!of_instance) return tl::unexpected(std::move(of_instance).error());
  return *of_instance ? RegionChoice{**std::move(of_instance), "the metadata of this instance"} : RegionChoice{};
}

std::string ca_bundle(const SessionOptions& options, const ProfileFiles& files, const std::string& profile) {
  if (auto file = nonempty(options.environment, "AWS_CA_BUNDLE")) return *std::move(file);
  return expand_home(files.get(profile, "ca_bundle").value_or(""), options.environment).string();
}

}  // namespace

Session::Session(CredentialSeams seams, std::string region_from, Checks checks)
    : seams_(std::move(seams)), region_from_(std::move(region_from)), checks_(checks) {
  chain_ = std::make_unique<CredentialChain>(credential_providers(seams_), seams_.clock, seams_.random);
}

Result<std::unique_ptr<Session>> Session::open(SessionOptions options, http::Transport& transport, const Clock& clock,
                                               RandomSource& random) {
  const auto source = [&](const std::string&) -> http::Transport& { return transport; };
  return open(std::move(options), source, clock, random);
}

Result<std::unique_ptr<Session>> Session::open(SessionOptions options, const TransportSource& transport_source,
                                               const Clock& clock, RandomSource& random) {
  auto files = read_profile_files(config_file_path(options.environment), credentials_file_path(options.environment));
  if (!files) return tl::unexpected(std::move(files).error());
  auto profile = choose_profile(*files, options.profile, options.environment);
  if (!profile) return tl::unexpected(std::move(profile).error());
  const auto attempts = choose_attempts(*files, profile->name, options.environment);
  if (!attempts) return tl::unexpected(attempts.error());
  const auto sent = choose_checksums(*files, profile->name, options.environment,
                                     {"AWS_REQUEST_CHECKSUM_CALCULATION", "request_checksum_calculation"});
  if (!sent) return tl::unexpected(sent.error());
  const auto checked = choose_checksums(*files, profile->name, options.environment,
                                        {"AWS_RESPONSE_CHECKSUM_VALIDATION", "response_checksum_validation"});
  if (!checked) return tl::unexpected(checked.error());
  http::Transport& transport = transport_source(ca_bundle(options, *files, profile->name));
  auto region = find_region(options, *files, profile->name, transport);
  if (!region) return tl::unexpected(std::move(region).error());
  auto sso_cache = below_home(options.environment, ".aws/sso/cache");
  auto role_cache = below_home(options.environment, ".aws/cli/cache");
  return std::unique_ptr<Session>(new Session({.environment = std::move(options.environment),
                                               .files = *std::move(files),
                                               .profile = *std::move(profile),
                                               .region = region->name,
                                               .sso_cache = std::move(sso_cache),
                                               .role_cache = std::move(role_cache),
                                               .transport = transport,
                                               .clock = clock,
                                               .random = random,
                                               .sleep = std::move(options.sleep),
                                               .attempts = *attempts,
                                               .run = std::move(options.run),
                                               .ask_mfa = std::move(options.ask_mfa)},
                                              std::move(region->from), {*sent, *checked}));
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
                                                     .retries = {.attempts = seams_.attempts},
                                                     .corrects_clock = to_upper(no_correction) != "TRUE",
                                                     .sent_checksums = checks_.sent,
                                                     .checked_checksums = checks_.checked});
  if (auto valid = client->endpoint(); !valid) return tl::unexpected(std::move(valid).error());
  return client;
}

}  // namespace smflow::aws
