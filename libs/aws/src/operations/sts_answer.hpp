#pragma once

#include <smflow/aws/client.hpp>

namespace smflow::aws {

// The keys of AssumeRole and its kin.
Outcome<Credentials> sts_credentials(const Client& client, const std::string& operation,
                                     const Outcome<std::string>& answer);

}  // namespace smflow::aws
