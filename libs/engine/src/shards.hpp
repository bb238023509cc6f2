#pragma once

#include "inputs.hpp"

#include <cstddef>
#include <vector>

namespace smflow::engine {

// ShardedByS3Key: deals the objects of a folder out to `count` hosts, in the order of their keys, one after the other;
// a host may get none. What a host gets lies in a folder of its own below `folder`: second names of the files, or
// copies where the file system has none.
Result<std::vector<Input>> make_shards(const Input& input, std::size_t count, const std::filesystem::path& folder);

}  // namespace smflow::engine
