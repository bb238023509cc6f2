#include "credentials/sources.hpp"

#include <smflow/aws/operations/sts.hpp>
#include <smflow/base/files.hpp>
#include <smflow/base/text.hpp>

namespace smflow::aws {

namespace {

struct Setting {
  std::optional<std::string> file, role, session;
};

Setting setting_of(const CredentialSeams& seams, const std::string& profile, bool with_environment) {
  Setting setting;
  if (with_environment) {
    setting = {nonempty(seams.environment, "AWS_WEB_IDENTITY_TOKEN_FILE"), nonempty(seams.environment, "AWS_ROLE_ARN"),
               nonempty(seams.environment, "AWS_ROLE_SESSION_NAME")};
  }
  if (!setting.file) setting.file = seams.files.get(profile, "web_identity_token_file");
  if (!setting.role) setting.role = seams.files.get(profile, "role_arn");
  if (!setting.session) setting.session = seams.files.get(profile, "role_session_name");
  return setting;
}

}  // namespace

Lookup look_for_web_identity(const CredentialSeams& seams, const std::string& profile, bool with_environment) {
  const Setting setting = setting_of(seams, profile, with_environment);
  if (!setting.file) return NotHere{"no web identity token file is named"};
  if (!setting.role)
    return incomplete("a web identity token file is named, but no role", "set AWS_ROLE_ARN or role_arn");
  const auto token = read_file(*setting.file, 64u << 10);
  if (!token)
    return incomplete(token.error().message, "correct AWS_WEB_IDENTITY_TOKEN_FILE or web_identity_token_file");
  const auto seconds = std::chrono::floor<std::chrono::seconds>(seams.clock.now()).time_since_epoch().count();
  Client sts_client = client_for(sts, seams, region_for(seams, profile), nullptr, profile);
  const auto credentials = assume_role_with_web_identity(
      sts_client, {.role_arn = *setting.role,
                   .session_name = setting.session.value_or("smflow-" + std::to_string(seconds)),
                   .token = std::string(trim(*token)),
                   .duration = seams.files.get(profile, "duration_seconds").value_or("")});
  if (!credentials) return tl::unexpected(as_error(credentials.error()));
  return *credentials;
}

}  // namespace smflow::aws
