#pragma once

#include <set>

#include <smflow/aws/credential_chain.hpp>
#include <smflow/base/json.hpp>

// One source of credentials each; a profile is given where it need not be the chosen one.
namespace smflow::aws {

Lookup look_in_environment(const CredentialSeams& seams);
Lookup look_for_role(const CredentialSeams& seams, const std::string& profile, std::set<std::string> visited = {});
Lookup look_for_web_identity(const CredentialSeams& seams, const std::string& profile, bool with_environment);
Lookup look_for_sign_on(const CredentialSeams& seams, const std::string& profile);
Lookup look_for_keys(const IniSections& sections, const std::string& profile);
Lookup look_for_process(const CredentialSeams& seams, const std::string& profile);
Lookup look_at_container(const CredentialSeams& seams);
Lookup look_at_instance(const CredentialSeams& seams);

// E401: the source is set up incompletely.
tl::unexpected<Error> incomplete(const std::string& message, const std::string& fix = {});

// The JSON of a process, a container or an instance, with its names of the members. None when a member is missing or no
// text, or the time is not one.
struct KeyNames {
  const char* token;  // "SessionToken" or "Token"
};
std::optional<Credentials> keys_in(const Json& json, KeyNames names);

// A whole file that its owner alone may read.
Result<void> write_secret(const std::filesystem::path& file, const std::string& text);

// A client of a service for one look, in the region of the profile.
Client client_for(const Service& service, const CredentialSeams& seams, const std::string& region,
                  CredentialSource* credentials, const std::string& profile);
std::string region_for(const CredentialSeams& seams, const std::string& profile);

}  // namespace smflow::aws
