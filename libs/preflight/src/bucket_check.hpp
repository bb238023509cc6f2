#pragma once

#include "checks.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace smflow::preflight {

struct S3Location {
  std::string bucket;
  std::string prefix;
};
// Of "s3://bucket/prefix".
S3Location location_of(std::string_view uri);

// What is wrong with a bucket that `option` names (E213, E214, E200, E201); none when nothing is.
std::optional<Finding> bucket_fault(const Subject& subject, const char* check, const char* option,
                                    const std::string& bucket);

}  // namespace smflow::preflight
