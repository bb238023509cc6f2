#pragma once

#include <filesystem>
#include <optional>

#include <smflow/aws/credentials.hpp>
#include <smflow/aws/operations/sts.hpp>
#include <smflow/base/error.hpp>

// The cache of assumed roles that the AWS CLI keeps in ~/.aws/cli/cache, so that a code of an MFA device, which AWS
// takes once only, serves until the session has expired (botocore: AssumeRoleCredentialFetcher, JSONFileCache).
namespace smflow::aws {

// "<40 hexadecimal digits>.json". A session name that nobody has chosen does not count.
std::string role_cache_name(const AssumeRoleInput& input, bool session_is_named);

// None when there are none that last for 15 minutes more.
std::optional<Credentials> cached_role(const std::filesystem::path& file, WallTime now);
// For the caller's eyes only.
Result<void> keep_role(const std::filesystem::path& file, const Credentials& credentials);

}  // namespace smflow::aws
