#pragma once

#include <cstdint>

namespace smflow {

// Bytes of memory that this machine has.
std::uint64_t machine_memory();

}  // namespace smflow
