#pragma once

#include <smflow/aws/client.hpp>

// Operations of the AWS Security Token Service (API version 2011-06-15) that smflow uses.
namespace smflow::aws {

struct CallerIdentity {
  std::string account;
  std::string arn;
  std::string user_id;
};
// Needs no permission.
Outcome<CallerIdentity> get_caller_identity(Client& client, std::stop_token cancel = {});

struct AssumeRoleInput {
  std::string role_arn;
  std::string session_name;  // 2 to 64 of letters, digits and =,.@_-
  std::string external_id = {};
  std::string duration = {};  // seconds, 900 to 43200; empty: an hour
  std::string mfa_serial = {};
  std::string mfa_code = {};
};
Outcome<Credentials> assume_role(Client& client, const AssumeRoleInput& input);

struct WebIdentityInput {
  std::string role_arn;
  std::string session_name;
  std::string token;
  std::string duration = {};
};
// Sent without a signature.
Outcome<Credentials> assume_role_with_web_identity(Client& client, const WebIdentityInput& input);

}  // namespace smflow::aws
