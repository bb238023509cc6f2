#include "credentials/sources.hpp"

namespace smflow::aws {

std::vector<CredentialProvider> credential_providers(const CredentialSeams& seams) {
  const std::string& profile = seams.profile.name;
  return {
      {"environment", [&] { return look_in_environment(seams); }},
      {"assume-role", [&] { return look_for_role(seams, profile); }},
      {"web identity", [&] { return look_for_web_identity(seams, profile, !seams.profile.by_option); }},
      {"single sign-on", [&] { return look_for_sign_on(seams, profile); }},
      {"credentials file", [&] { return look_for_keys(seams.files.credential_profiles, profile); }},
      {"credential_process", [&] { return look_for_process(seams, profile); }},
      {"config file", [&] { return look_for_keys(seams.files.config_profiles, profile); }},
      {"container", [&] { return look_at_container(seams); }},
      {"instance metadata", [&] { return look_at_instance(seams); }, true},
  };
}

}  // namespace smflow::aws
