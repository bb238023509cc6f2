#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include <smflow/storage/store.hpp>

namespace smflow::storage {

// A store whose listed objects are fetched once: get_listed(), of what list() or find() tells, keeps every object that
// has an etag in `cache`, by the store, the key, the size and the etag, which together say its content, and next time
// makes a link to it. Linked files are read-only. Everything else goes to `store`. Several processes may share the
// folder.
std::unique_ptr<Store> with_cache(std::unique_ptr<Store> store, std::filesystem::path cache);

// Removes what was used longest ago until the cache holds at most `limit` bytes; what is linked to is left.
void prune_cache(const std::filesystem::path& cache, std::uint64_t limit);

}  // namespace smflow::storage
