#include "credentials/sources.hpp"

namespace smflow::aws {

Lookup look_for_keys(const IniSections& sections, const std::string& profile) {
  const auto section = sections.find(profile);
  if (section == sections.end()) return NotHere{"there is no profile '" + profile + "' in it"};
  const auto id = text_of(section->second, "aws_access_key_id");
  const auto secret = text_of(section->second, "aws_secret_access_key");
  if (!id) return NotHere{"the profile '" + profile + "' has no aws_access_key_id"};
  if (!secret) {
    return incomplete("the profile '" + profile + "' has aws_access_key_id without aws_secret_access_key",
                      "aws configure --profile " + profile);
  }
  auto token = text_of(section->second, "aws_security_token");
  if (!token) token = text_of(section->second, "aws_session_token");
  return Credentials{*id, *secret, token.value_or(""), {}, text_of(section->second, "aws_account_id").value_or("")};
}

}  // namespace smflow::aws
