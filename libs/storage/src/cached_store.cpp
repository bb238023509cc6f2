#include <algorithm>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>

#include <smflow/base/sha256.hpp>
#include <smflow/storage/cached_store.hpp>

namespace smflow::storage {

namespace fs = std::filesystem;

namespace {

// Where hard links cannot be made, a copy.
bool link_or_copy(const fs::path& entry, const fs::path& file) {
  std::error_code failed;
  fs::create_directories(file.parent_path(), failed);
  fs::remove(file, failed);
  fs::create_hard_link(entry, file, failed);
  if (failed && failed != std::errc::no_such_file_or_directory) fs::copy_file(entry, file, failed);
  return !failed;
}

class CachedStore : public Store {
 public:
  CachedStore(std::unique_ptr<Store> store, fs::path cache) : store_(std::move(store)), cache_(std::move(cache)) {}

  std::string uri() const override { return store_->uri(); }
  std::string uri(std::string_view key) const override { return store_->uri(key); }
  bool keeps_file_times() const override { return store_->keeps_file_times(); }
  std::chrono::milliseconds clock_behind() const override { return store_->clock_behind(); }
  int transfers_at_once() const override { return store_->transfers_at_once(); }
  Result<void> put(std::string_view key, std::string_view content, bool only_new) override {
    return store_->put(key, content, only_new);
  }
  Result<void> put_file(std::string_view key, const fs::path& file, bool only_new) override {
    return store_->put_file(key, file, only_new);
  }
  Result<std::string> get(std::string_view key, std::uint64_t limit) override { return store_->get(key, limit); }
  Result<std::string> get_range(std::string_view key, std::uint64_t first, std::uint64_t length) override {
    return store_->get_range(key, first, length);
  }
  Result<void> get_file(std::string_view key, const fs::path& file) override { return store_->get_file(key, file); }
  Result<std::vector<ObjectInfo>> list(std::string_view prefix) override { return store_->list(prefix); }
  Result<bool> exists(std::string_view key) override { return store_->exists(key); }
  Result<std::optional<ObjectInfo>> find(std::string_view key) override { return store_->find(key); }
  Result<void> remove(std::string_view key) override { return store_->remove(key); }

  Result<void> get_listed(const ObjectInfo& object, const fs::path& file) override {
    if (object.etag.empty()) return store_->get_listed(object, file);
    const fs::path entry = entry_of(object);
    if (is_whole(entry, object.size) && link_or_copy(entry, file)) {
      ::utimensat(AT_FDCWD, entry.c_str(), nullptr, 0);  // used now
      return {};
    }
    if (auto got = store_->get_listed(object, file); !got) return got;
    keep(file, entry);
    return {};
  }

 private:
  fs::path entry_of(const ObjectInfo& object) const {
    const std::string name =
        sha256_hex(store_->uri(object.key) + "\n" + std::to_string(object.size) + "\n" + object.etag);
    return cache_ / name.substr(0, 2) / name.substr(2);
  }

  static bool is_whole(const fs::path& entry, std::uint64_t size) {
    std::error_code missing;
    return fs::is_regular_file(entry, missing) && fs::file_size(entry, missing) == size;
  }

  // Without it the object is only fetched again.
  static void keep(const fs::path& file, const fs::path& entry) {
    std::error_code failed;
    fs::create_directories(entry.parent_path(), failed);
    fs::permissions(file, fs::perms(0444), failed);
    fs::create_hard_link(file, entry, failed);
  }

  std::unique_ptr<Store> store_;
  fs::path cache_;
};

struct Entry {
  fs::file_time_type used;
  std::uint64_t size;
  fs::path path;
};

}  // namespace

std::unique_ptr<Store> with_cache(std::unique_ptr<Store> store, fs::path cache) {
  return std::make_unique<CachedStore>(std::move(store), std::move(cache));
}

void prune_cache(const fs::path& cache, std::uint64_t limit) {
  std::vector<Entry> entries;
  std::uint64_t total = 0;
  std::error_code failed;
  for (const fs::directory_entry& each : fs::recursive_directory_iterator(cache, failed)) {
    std::error_code vanished;
    if (!each.is_regular_file(vanished)) continue;
    const std::uint64_t size = each.file_size(vanished);
    total += size;
    if (each.hard_link_count(vanished) == 1) entries.push_back({each.last_write_time(vanished), size, each.path()});
  }
  std::sort(entries.begin(), entries.end(), [](const Entry& one, const Entry& other) { return one.used < other.used; });
  for (const Entry& entry : entries) {
    if (total <= limit) return;
    if (fs::remove(entry.path, failed)) total -= entry.size;
  }
}

}  // namespace smflow::storage
