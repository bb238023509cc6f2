#pragma once

#include <smflow/aws/client.hpp>

namespace smflow::aws {

// A setting of "when_supported" or "when_required" (AWS SDKs and Tools Reference Guide, "Data Integrity Protections for
// Amazon S3"), in any case; the first when nobody says. E414 for anything else.
Result<Checksums> choose_checksums(const ProfileFiles& files, const std::string& profile,
                                   const EnvironmentLookup& environment, const SettingNames& names);

}  // namespace smflow::aws
