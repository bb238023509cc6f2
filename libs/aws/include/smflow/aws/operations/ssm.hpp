#pragma once

#include <smflow/aws/client.hpp>
#include <smflow/base/json.hpp>

// Operations of AWS Systems Manager (API version 2014-11-06) that smflow uses.
namespace smflow::aws {

inline constexpr Service ssm{"ssm", "ssm", "ssm", "ssm-fips", true, "AmazonSSM", ""};

// The answer holds the token of the session: a secret, for the session-manager-plugin only.
Outcome<Json> start_session(Client& client, const std::string& target, std::stop_token cancel = {});
Outcome<void> terminate_session(Client& client, const std::string& session_id, std::stop_token cancel = {});

}  // namespace smflow::aws
