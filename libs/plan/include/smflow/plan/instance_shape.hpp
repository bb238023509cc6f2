#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace smflow::plan {

struct InstanceShape {
  int cpus = 0;              // virtual ones
  std::uint64_t memory = 0;  // bytes
};

// The shape of an instance type for training, "ml.m5.xlarge" (Amazon EC2 documentation, "Instance types"); none for one
// that is not known.
std::optional<InstanceShape> instance_shape(std::string_view instance_type);

}  // namespace smflow::plan
