#pragma once

#include <cstddef>
#include <string_view>

namespace smflow::storage {

// What an archive of ours may be deep: folders above a member, and bytes of its path.
inline constexpr std::size_t deepest_member = 128;
inline constexpr std::size_t longest_member_path = 4096;

// True when a symbolic link with `folders_above` real folders above it certainly stays inside, whatever the other links
// of the archive are: its target is relative, ".." stands at the beginning only and not more often than there are
// folders. (A ".." further on is refused, as it would go up from wherever another link leads.)
bool link_stays_inside(std::size_t folders_above, std::string_view target);

// Parts of a path minus one.
std::size_t folders_above(std::string_view path);

}  // namespace smflow::storage
