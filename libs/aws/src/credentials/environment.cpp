#include "credentials/sources.hpp"

#include <smflow/aws/timestamp.hpp>

namespace smflow::aws {

Lookup look_in_environment(const CredentialSeams& seams) {
  if (seams.profile.by_option) return NotHere{"the profile '" + seams.profile.name + "' was asked for"};
  const auto id = nonempty(seams.environment, "AWS_ACCESS_KEY_ID");
  const auto secret = nonempty(seams.environment, "AWS_SECRET_ACCESS_KEY");
  if (!id) return NotHere{"AWS_ACCESS_KEY_ID is not set"};
  if (!secret) return incomplete("AWS_ACCESS_KEY_ID is set without AWS_SECRET_ACCESS_KEY", "set both, or neither");
  Credentials credentials{*id, *secret};
  auto token = nonempty(seams.environment, "AWS_SECURITY_TOKEN");
  if (!token) token = nonempty(seams.environment, "AWS_SESSION_TOKEN");
  credentials.session_token = token.value_or("");
  credentials.account_id = nonempty(seams.environment, "AWS_ACCOUNT_ID").value_or("");
  if (const auto expiration = nonempty(seams.environment, "AWS_CREDENTIAL_EXPIRATION")) {
    credentials.expires = parse_iso8601(*expiration);
    if (!credentials.expires) {
      return incomplete("AWS_CREDENTIAL_EXPIRATION is not a time like 2025-01-02T03:04:05Z", "correct it, or unset it");
    }
  }
  return credentials;
}

}  // namespace smflow::aws
