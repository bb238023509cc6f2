#include "credentials/role_cache.hpp"
#include "credentials/sources.hpp"

#include <smflow/aws/operations/sts.hpp>
#include <smflow/base/text.hpp>

namespace smflow::aws {

namespace {

tl::unexpected<Error> bad_role(const std::string& profile, const std::string& why) {
  return tl::unexpected(Error{.code = "E404",
                              .exit = ExitCode::configuration,
                              .message = "the profile '" + profile + "' cannot take its role: " + why,
                              .fix = "give it exactly one of source_profile and credential_source"});
}

Lookup first_of(const std::vector<std::function<Lookup()>>& sources) {
  for (const auto& look : sources) {
    Lookup found = look();
    if (!found || std::holds_alternative<Credentials>(*found)) return found;
  }
  return NotHere{"none of its sources has keys"};
}

// Keys that stand in the profile win, so that a profile may name itself.
Lookup keys_of_profile(const CredentialSeams& seams, const std::string& profile, const std::set<std::string>& visited) {
  if (!seams.files.has(profile)) return bad_role(profile, "there is no such profile");
  return first_of({[&] { return look_for_keys(seams.files.credential_profiles, profile); },
                   [&] { return look_for_keys(seams.files.config_profiles, profile); },
                   [&] { return look_for_role(seams, profile, visited); },
                   [&] { return look_for_web_identity(seams, profile, false); },
                   [&] { return look_for_sign_on(seams, profile); }, [&] { return look_for_process(seams, profile); }});
}

Lookup keys_of_source(const CredentialSeams& seams, const std::string& profile, const std::string& source) {
  const std::string name = to_upper(source);
  if (name == "ECSCONTAINER") return look_at_container(seams);
  if (name == "EC2INSTANCEMETADATA") return look_at_instance(seams);
  if (name != "ENVIRONMENT") return bad_role(profile, "there is no credential_source '" + printable(source) + "'");
  CredentialSeams without_choice = seams;
  without_choice.profile.by_option = false;
  return look_in_environment(without_choice);
}

Result<std::string> code_of(const CredentialSeams& seams, const std::string& profile, const std::string& serial) {
  if (serial.empty()) return std::string();
  const auto no_code = [&](const char* why, const char* fix) {
    return tl::unexpected(
        Error{.code = "E409",
              .exit = ExitCode::permission,
              .message = "the profile '" + profile + "' asks for the code of an MFA device, and " + why,
              .fix = fix});
  };
  if (!seams.ask_mfa) return no_code("nobody can be asked", "run the command on a terminal");
  auto code = seams.ask_mfa(serial);
  if (code && code->empty()) return no_code("none was typed", "run the command again, and type its six digits");
  return code;
}

AssumeRoleInput input_of(const CredentialSeams& seams, const IniValues& values) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(seams.clock.now()).time_since_epoch().count();
  return {.role_arn = text_of(values, "role_arn").value_or(""),
          .session_name = text_of(values, "role_session_name").value_or("smflow-" + std::to_string(seconds)),
          .external_id = text_of(values, "external_id").value_or(""),
          .duration = text_of(values, "duration_seconds").value_or(""),
          .mfa_serial = text_of(values, "mfa_serial").value_or("")};
}

}  // namespace

Lookup look_for_role(const CredentialSeams& seams, const std::string& profile, std::set<std::string> visited) {
  const IniValues values = seams.files.merged(profile);
  if (!text_of(values, "role_arn")) return NotHere{"the profile '" + profile + "' has no role_arn"};
  if (text_of(values, "web_identity_token_file")) return NotHere{"the profile '" + profile + "' uses a web identity"};
  const auto source_profile = text_of(values, "source_profile");
  const auto source = text_of(values, "credential_source");
  if (source_profile.has_value() == source.has_value())
    return bad_role(profile, source ? "it has two sources" : "it has no source");
  if (!visited.insert(profile).second) return bad_role(profile, "its source_profile leads back to itself");

  AssumeRoleInput input = input_of(seams, values);
  const bool caches = !seams.role_cache.empty();
  const auto cache = seams.role_cache / role_cache_name(input, text_of(values, "role_session_name").has_value());
  if (auto cached = caches ? cached_role(cache, seams.clock.now()) : std::nullopt) return *std::move(cached);
  const Lookup found =
      source ? keys_of_source(seams, profile, *source) : keys_of_profile(seams, *source_profile, visited);
  if (!found) return found;
  if (const auto* missing = std::get_if<NotHere>(&*found)) return bad_role(profile, missing->why);

  auto code = code_of(seams, profile, input.mfa_serial);
  if (!code) return tl::unexpected(std::move(code).error());
  input.mfa_code = *std::move(code);
  FixedCredentials keys(std::get<Credentials>(*found));
  Client sts_client = client_for(sts, seams, region_for(seams, profile), &keys, profile);
  const auto credentials = assume_role(sts_client, input);
  if (!credentials) return tl::unexpected(as_error(credentials.error()));
  // What cannot be kept is asked for again the next time.
  if (caches) static_cast<void>(keep_role(cache, *credentials));
  return *credentials;
}

}  // namespace smflow::aws
