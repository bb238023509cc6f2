#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <sys/stat.h>

#include <smflow/base/error.hpp>
#include <smflow/storage/store.hpp>

namespace smflow::storage {

// Nanoseconds since 1970.
std::int64_t modification_time(const struct stat& status);

struct RegularFiles {
  std::vector<ObjectInfo> files;      // sorted by key
  std::vector<std::string> left_out;  // links that leave and special files
};

// Every regular file below the folder open as `root`, and every link to one that stays below it; temporary files are
// passed over. `prefix` ("" or a path below the root) is where to begin and stands before every key.
Result<RegularFiles> regular_files(int root, const std::string& prefix);

}  // namespace smflow::storage
