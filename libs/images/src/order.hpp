#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace smflow::images {

// The samples 0 to count - 1 in the order of one epoch: a Fisher-Yates shuffle on splitmix64, written out so that every
// standard library gives the same order. `count` is below 2^32.
std::vector<std::uint32_t> epoch_order(std::uint64_t seed, std::uint64_t epoch, std::size_t count, bool shuffle);

// Whether a sample is mirrored in an epoch. Depends on these three alone, not on who asks when.
bool is_flipped(std::uint64_t seed, std::uint64_t epoch, std::uint64_t index);

}  // namespace smflow::images
