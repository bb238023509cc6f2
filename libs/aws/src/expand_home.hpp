#pragma once

#include <smflow/aws/profile.hpp>

namespace smflow::aws {

// A leading "~" is $HOME; empty when that is not set.
std::filesystem::path expand_home(const std::string& path, const EnvironmentLookup& environment);

}  // namespace smflow::aws
