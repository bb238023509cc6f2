#include "shards.hpp"

#include "host_folders.hpp"

#include <smflow/storage/store.hpp>

namespace smflow::engine {

namespace fs = std::filesystem;

namespace {

Result<void> give(const fs::path& object, const fs::path& place) {
  std::error_code failed;
  fs::create_directories(place.parent_path(), failed);
  // Of a link the file that it names.
  const fs::path file = fs::canonical(object, failed);
  if (!failed) fs::create_hard_link(file, place, failed);
  if (failed) fs::copy_file(object, place, failed);
  if (failed) return tl::unexpected(cannot_prepare(place, failed.value()));
  return {};
}

}  // namespace

Result<std::vector<Input>> make_shards(const Input& input, std::size_t count, const fs::path& folder) {
  auto objects = storage::open_store("file://" + input.source.string()).and_then([](const auto& store) {
    return store->list("");
  });
  if (!objects) return tl::unexpected(std::move(objects).error());
  std::vector<Input> shards;
  for (std::size_t host = 0; host < count; ++host) {
    Input shard = input;
    shard.source = folder / std::to_string(host + 1);
    std::error_code failed;
    fs::create_directories(shard.source, failed);
    if (failed) return tl::unexpected(cannot_prepare(shard.source, failed.value()));
    shards.push_back(std::move(shard));
  }
  for (std::size_t index = 0; index < objects->size(); ++index) {
    const std::string& key = (*objects)[index].key;
    if (auto given = give(input.source / key, shards[index % count].source / key); !given) {
      return tl::unexpected(given.error());
    }
  }
  return shards;
}

}  // namespace smflow::engine
