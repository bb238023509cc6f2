#include "checksum_options.hpp"

#include <smflow/base/text.hpp>

namespace smflow::aws {

Result<Checksums> choose_checksums(const ProfileFiles& files, const std::string& profile,
                                   const EnvironmentLookup& environment, const SettingNames& names) {
  const std::string text = find_setting(files, profile, environment, names).value_or("WHEN_SUPPORTED");
  if (to_upper(text) == "WHEN_SUPPORTED") return Checksums::when_supported;
  if (to_upper(text) == "WHEN_REQUIRED") return Checksums::when_required;
  return tl::unexpected(Error{.code = "E414",
                              .exit = ExitCode::configuration,
                              .message = "'" + printable(text) + "' does not say when checksums are wanted",
                              .fix = std::string("set ") + names.variable + ", or " + names.key + " in the profile '" +
                                     profile + "', to when_supported or when_required"});
}

}  // namespace smflow::aws
