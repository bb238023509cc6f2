#include "credentials/sources.hpp"

#include <cerrno>

#include <sys/stat.h>

#include <smflow/aws/timestamp.hpp>
#include <smflow/base/files.hpp>

namespace smflow::aws {

namespace {

std::string text_in(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace

tl::unexpected<Error> incomplete(const std::string& message, const std::string& fix) {
  return tl::unexpected(Error{.code = "E401", .exit = ExitCode::permission, .message = message, .fix = fix});
}

std::optional<Credentials> keys_in(const Json& json, KeyNames names) {
  if (!json.is_object()) return std::nullopt;
  Credentials credentials{text_in(json, "AccessKeyId"), text_in(json, "SecretAccessKey"), text_in(json, names.token)};
  credentials.account_id = text_in(json, "AccountId");
  const std::string expiration = text_in(json, "Expiration");
  if (!expiration.empty()) credentials.expires = parse_iso8601(expiration);
  const bool complete = !credentials.access_key_id.empty() && !credentials.secret_access_key.empty() &&
                        (expiration.empty() || credentials.expires);
  return complete ? std::optional(credentials) : std::nullopt;
}

std::string region_for(const CredentialSeams& seams, const std::string& profile) {
  if (!seams.region.empty()) return seams.region;
  return seams.files.get(profile, "region").value_or("us-east-1");
}

Result<void> write_secret(const std::filesystem::path& file, const std::string& text) {
  auto out = AtomicFile::create(file);
  if (!out) return tl::unexpected(std::move(out).error());
  if (::fchmod(out->fd(), S_IRUSR | S_IWUSR) != 0)
    return tl::unexpected(system_error("cannot protect credentials", errno));
  if (auto written = out->write(text); !written) return written;
  return out->commit();
}

Client client_for(const Service& service, const CredentialSeams& seams, const std::string& region,
                  CredentialSource* credentials, const std::string& profile) {
  const auto options = endpoint_options(service, seams.files, profile, seams.environment);
  return Client(service, region, options.value_or(EndpointOptions{}),
                {.transport = seams.transport,
                 .credentials = credentials,
                 .clock = seams.clock,
                 .random = seams.random,
                 .sleep = seams.sleep,
                 .retries = {.attempts = seams.attempts}});
}

}  // namespace smflow::aws
