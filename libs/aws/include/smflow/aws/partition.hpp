#pragma once

#include <string_view>

#include <smflow/base/error.hpp>

namespace smflow::aws {

// A group of regions with its own accounts and host names (partitions.json of the AWS SDKs).
struct Partition {
  std::string_view id;                 // the second field of an ARN
  std::string_view dns_suffix;         // "amazonaws.com"
  std::string_view dual_stack_suffix;  // "api.aws"; empty: it has none
  std::string_view global_region;      // that the keys of its global services are derived for
  std::string_view global_label;       // between name and suffix of their hosts: "us-gov"; empty: nothing
};

// By the form of the region's name; one that nobody knows is of "aws".
const Partition& partition_of(std::string_view region);

// E411 unless `region` can stand in a host name: letters, digits and '-'.
Result<void> check_region(std::string_view region);

}  // namespace smflow::aws
