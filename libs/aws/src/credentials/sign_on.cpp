#include "credentials/sign_on_token.hpp"
#include "credentials/sources.hpp"

#include <smflow/aws/operations/sign_on.hpp>

namespace smflow::aws {

namespace {

// The profile's keys together with those of its session; none, with the key's name in `conflict`, when they disagree.
std::optional<IniValues> with_session(const CredentialSeams& seams, IniValues values, const std::string& session,
                                      std::string& conflict) {
  const auto section = seams.files.sso_sessions.find(session);
  if (section == seams.files.sso_sessions.end()) return values;
  for (const auto& [key, value] : section->second) {
    const auto [at, is_new] = values.try_emplace(key, value);
    if (is_new || at->second.text == value.text) continue;
    conflict = key;
    return std::nullopt;
  }
  return values;
}

}  // namespace

Lookup look_for_sign_on(const CredentialSeams& seams, const std::string& profile) {
  const IniValues own = seams.files.merged(profile);
  if (!text_of(own, "sso_account_id") && !text_of(own, "sso_role_name")) {
    return NotHere{"the profile '" + profile + "' has no sso_account_id"};
  }
  const auto session = text_of(own, "sso_session");
  std::string conflict;
  const auto values = session ? with_session(seams, own, *session, conflict) : std::optional(own);
  if (!values)
    return incomplete("the profile '" + profile + "' and its sso-session disagree in " + conflict, "aws configure sso");
  for (const char* key : {"sso_account_id", "sso_role_name", "sso_start_url", "sso_region"}) {
    if (!text_of(*values, key)) return incomplete("the profile '" + profile + "' has no " + key, "aws configure sso");
  }
  const SignOn login{.profile = profile,
                     .session = session.value_or(""),
                     .start_url = *text_of(*values, "sso_start_url"),
                     .region = *text_of(*values, "sso_region")};
  const auto token = sign_on_token(seams, login);
  if (!token) return tl::unexpected(token.error());
  Client portal = client_for(sso, seams, login.region, nullptr, profile);
  const auto credentials =
      get_role_credentials(portal, *text_of(*values, "sso_account_id"), *text_of(*values, "sso_role_name"), *token);
  if (credentials) return *credentials;
  const bool expired = credentials.error().kind == AwsError::Kind::rejected;
  return tl::unexpected(expired ? login_needed(login, "it has expired") : as_error(credentials.error()));
}

}  // namespace smflow::aws
