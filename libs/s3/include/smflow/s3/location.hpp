#pragma once

#include <string>
#include <string_view>

#include <smflow/base/error.hpp>

namespace smflow::s3 {

struct Location {
  std::string bucket;
  std::string prefix = {};  // without slashes at its ends; empty: the whole bucket
};

bool is_s3_uri(std::string_view uri);

// "s3://bucket" or "s3://bucket/prefix"; E444 for anything else. The prefix is a safe relative path, taken as it is: no
// percent-decoding.
Result<Location> parse_s3_uri(std::string_view uri);

}  // namespace smflow::s3
