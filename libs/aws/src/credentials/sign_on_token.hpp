#pragma once

#include <string>

#include <smflow/aws/credential_chain.hpp>

namespace smflow::aws {

struct SignOn {
  std::string profile;
  std::string session;  // empty: the legacy form, whose token cannot be refreshed
  std::string start_url;
  std::string region;
};

// The access token that `aws sso login` left in the cache; of a session it is refreshed when less than 15 minutes are
// left, and written back. E406 when there is none that is valid.
Result<std::string> sign_on_token(const CredentialSeams& seams, const SignOn& login);

// E406.
Error login_needed(const SignOn& login, const std::string& why);

}  // namespace smflow::aws
