#pragma once

#include <smflow/aws/profile.hpp>

namespace smflow::aws {

// How often a call is made at most. The modes of the SDKs (AWS SDKs and Tools Reference Guide, "Retry behavior") are
// one here, the standard one; "legacy" is known by its five attempts only. E413 for the name of no mode.
Result<int> choose_attempts(const ProfileFiles& files, const std::string& profile,
                            const EnvironmentLookup& environment);

}  // namespace smflow::aws
