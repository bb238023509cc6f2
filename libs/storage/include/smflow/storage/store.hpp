#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <smflow/base/error.hpp>

namespace smflow::storage {

struct ObjectInfo {
  std::string key;  // relative to the store's root, '/' between parts
  std::uint64_t size = 0;
};

// Objects by key: a bucket or a folder, behind one small interface. A key is a safe relative path
// (is_safe_relative_path); anything else is error E151. Every object is written whole or not at all. Safe to use from
// several threads.
class Store {
 public:
  virtual ~Store() = default;

  // "file:///data/runs" or "s3://bucket": for messages.
  virtual std::string uri() const = 0;
  // The URI of one object or prefix.
  virtual std::string uri(std::string_view key) const = 0;

  // Error E142 (conflict) when the key exists and `only_new` is set; otherwise replaces.
  virtual Result<void> put(std::string_view key, std::string_view content, bool only_new = true) = 0;
  // Uploads a local file without holding it in memory.
  virtual Result<void> put_file(std::string_view key, const std::filesystem::path& file, bool only_new = true) = 0;
  // Error E150 (not found) when it is not there, E901 when it is larger than `limit` bytes.
  virtual Result<std::string> get(std::string_view key, std::uint64_t limit = 64ull << 20) = 0;
  virtual Result<void> get_file(std::string_view key, const std::filesystem::path& file) = 0;
  // Every object below the folder `prefix` ("" is everything), sorted by key.
  virtual Result<std::vector<ObjectInfo>> list(std::string_view prefix) = 0;
  virtual Result<bool> exists(std::string_view key) = 0;
  virtual Result<void> remove(std::string_view key) = 0;
};

// "file:///absolute", "file://relative/to/the/current/folder" for `location`. Other schemes are error E152 until their
// library is there.
Result<std::unique_ptr<Store>> open_store(std::string_view location);

// The local folder a file:// URI names, made absolute against the current folder; error E152 for anything else.
Result<std::filesystem::path> file_uri_path(std::string_view uri);
bool is_file_uri(std::string_view uri);

struct SyncReport {
  std::size_t copied = 0;
  std::size_t skipped = 0;  // already there with the same size and, upwards, not newer locally
};
// Uploads every regular file below `folder` that is new or changed; names that start with "." and end with
// ".tmp-XXXXXX" or ".tmp" are work in progress and left out.
Result<SyncReport> sync_up(Store& store, std::string_view prefix, const std::filesystem::path& folder);
// Downloads every object below `prefix` into `folder`.
Result<SyncReport> sync_down(Store& store, std::string_view prefix, const std::filesystem::path& folder);

}  // namespace smflow::storage
