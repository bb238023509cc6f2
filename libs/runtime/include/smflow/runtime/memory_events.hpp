#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

namespace smflow::runtime {

// What the kernel tells a container about its memory; members are missing where it does not.
struct MemoryEvents {
  std::optional<std::uint64_t> oom_kills;
  std::optional<std::uint64_t> limit;  // bytes; missing when unlimited
  std::optional<std::uint64_t> peak;   // bytes
};

// Reads the memory controller of control groups v2 or v1: the group of this process, or the root where a container
// sees its own group as the root.
MemoryEvents read_memory_events(const std::filesystem::path& cgroup = "/sys/fs/cgroup",
                                const std::filesystem::path& self = "/proc/self/cgroup");

}  // namespace smflow::runtime
