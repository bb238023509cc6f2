#pragma once

#include <string>
#include <string_view>

namespace smflow::docker {

// The name of a repository as Amazon ECR takes it: 2 to 256 characters, parts of lower-case letters and digits joined
// by single '.', '_', '-' (ECR API, CreateRepository), separated by '/'.
bool is_repository_name(std::string_view name);
// [A-Za-z0-9_][A-Za-z0-9._-]{0,127} (OCI Distribution Specification).
bool is_tag(std::string_view tag);
// OS/ARCH[/VARIANT], "linux/arm64/v8".
bool is_platform(std::string_view platform);
// The registry that a name begins with ("127.0.0.1:5000", "123456789012.dkr.ecr.eu-west-1.amazonaws.com"); empty when
// it begins with none, which means Docker Hub.
std::string registry_of(std::string_view name);

}  // namespace smflow::docker
