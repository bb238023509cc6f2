#pragma once

#include <smflow/aws/client.hpp>

// Operations of IAM Identity Center (single sign-on) that smflow uses. None is signed.
namespace smflow::aws {

// Of the SSO portal; `token` is the access token of the login. An expired login is AwsError::Kind::rejected.
Outcome<Credentials> get_role_credentials(Client& client, const std::string& account, const std::string& role,
                                          const std::string& token);

struct RefreshInput {
  std::string client_id;
  std::string client_secret;
  std::string refresh_token;
};
struct RefreshedToken {
  std::string access_token;
  std::string refresh_token;  // empty: the old one stays
  std::chrono::seconds lifetime{};
};
// CreateToken of SSO OIDC with the grant type refresh_token.
Outcome<RefreshedToken> create_token(Client& client, const RefreshInput& input);

}  // namespace smflow::aws
