#pragma once

#include <string>
#include <string_view>

#include <smflow/base/unique_fd.hpp>

namespace smflow::storage {

// Opens `path` below the open folder `root` with the flags of open(2). Symbolic links are followed while they stay
// below `root`, whatever another process does to the tree meanwhile. On failure none, with errno set: EXDEV when a link
// (or "..") leaves, ELOOP when there are more than 40 links. (What openat2's RESOLVE_BENEATH does, without needing a
// kernel and a container that allow it.)
UniqueFd open_beneath(int root, std::string_view path, int flags);

// Opens the folder `path` ("" is `root` itself) below `root` and makes what is missing of it. errno as above.
UniqueFd make_folders_beneath(int root, std::string_view path);

// The target of a symbolic link; empty with errno set when `name` is not one.
std::string read_link(int folder, const std::string& name);

}  // namespace smflow::storage
