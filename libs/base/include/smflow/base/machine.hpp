#pragma once

#include <cstdint>
#include <string>

namespace smflow {

// Bytes of memory that this machine has.
std::uint64_t machine_memory();

// The name of this machine, as its kernel has it.
std::string host_name();

}  // namespace smflow
