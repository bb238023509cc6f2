#pragma once

#include "sample_config.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <smflow/config/config.hpp>

namespace smflow::config::test {

using Variables = std::map<std::string, std::string>;
EnvironmentLookup lookup_in(Variables variables);

// The sample configuration with its sibling, from the text of a file "config.yaml" and overrides; not checked for
// required options and rules.
Config merged(std::string_view yaml, const std::vector<std::string>& assignments = {});
// The same with the required option set first, and checked.
Config checked(std::string_view yaml, const std::vector<std::string>& assignments = {});

// Codes of the errors, and of the warnings, in order: "E020 E024".
std::string error_codes(const Config& config);
std::string warning_codes(const Config& config);

// Everything an error says, as lines:
//   E024 config.yaml:3:18 'VALUE.MODE' must be ...
//   | MODE: x
//   |       ^
//   fix: ...
std::string told(const Error& error);
std::string told(const std::vector<Error>& errors);
// Errors, then warnings below "warning " each.
std::string told(const Config& config);

}  // namespace smflow::config::test
