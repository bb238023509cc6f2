#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <smflow/base/unique_fd.hpp>

namespace smflow::cli {

// A pull keeps what has not come whole in folders of this prefix in its own.
inline constexpr const char* aside_prefix = ".smflow-pull-";

// Tells other processes that a pull into `folder` is under way, for as long as it is open; several may be. Not on file
// systems without locks.
UniqueFd lock_pull_folder(const std::filesystem::path& folder);

// Removes what killed pulls have left in `folder`; nothing when a pull into it is under way, or when nobody can tell.
// The paths of what was removed.
std::vector<std::string> remove_pull_leftovers(const std::filesystem::path& folder);

}  // namespace smflow::cli
