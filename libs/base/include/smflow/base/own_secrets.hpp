#pragma once

#include <string>
#include <vector>

#include <smflow/base/terminal.hpp>

namespace smflow {

// The secrets of this user's AWS credentials, by which they are found where they must not be: a secret access key has
// no form of its own. AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, and those of every profile in the two shared files,
// wherever AWS_SHARED_CREDENTIALS_FILE and AWS_CONFIG_FILE say they are. What is shorter than 16 characters is none.
std::vector<std::string> own_aws_secrets(const EnvironmentLookup& environment = environment_variable);

}  // namespace smflow
