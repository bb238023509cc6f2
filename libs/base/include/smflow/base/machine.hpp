#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace smflow {

// Bytes of memory that this machine has.
std::uint64_t machine_memory();

// The name of this machine, as its kernel has it.
std::string host_name();

// The largest packet, in bytes, of the interface that leads out of this machine (MTU); 0 when there is none. `root` is
// where /proc and /sys are.
int outgoing_mtu(const std::filesystem::path& root = "/");

}  // namespace smflow
