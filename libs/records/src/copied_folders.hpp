#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace smflow::records {

// The folders of a job's output that are copied beside its record.
inline constexpr std::array<std::string_view, 2> copied_folders = {"metrics", "samples"};

// Whether a file of the output is in one of them.
inline bool is_copied(std::string_view file) {
  return std::ranges::any_of(copied_folders, [&](std::string_view folder) {
    return file.starts_with(folder) && file.substr(folder.size()).starts_with('/');
  });
}

}  // namespace smflow::records
