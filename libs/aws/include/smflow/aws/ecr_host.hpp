#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace smflow::aws {

struct EcrHost {
  std::string account;  // 12 digits
  std::string region;
};
// The parts of "123456789012.dkr.ecr.eu-west-1.amazonaws.com", of whatever partition, with ecr-fips too, and of
// "123456789012.dkr-ecr.eu-west-1.on.aws", for dual stack; none when it is no host of Amazon ECR, so that nobody else's
// gets a login.
std::optional<EcrHost> parse_ecr_host(std::string_view host);

}  // namespace smflow::aws
