#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include <smflow/base/error.hpp>

namespace smflow::storage {

struct ObjectInfo {
  std::string key;  // relative to the store's root, '/' between parts
  std::uint64_t size = 0;
  std::int64_t modified = 0;  // nanoseconds since 1970 UTC
  std::string etag = {};      // as S3 says it, with its quotes; empty where there is none
};

// Objects by key: a bucket or a folder, behind one small interface. A key is a safe relative path
// (is_safe_relative_path) whose last part does not look like a temporary file (is_temporary_name); anything else is
// error E151. Every object is written whole or not at all. Safe to use from several threads and processes.
class Store {
 public:
  virtual ~Store() = default;

  // "file:///data/runs" or "s3://bucket": for messages.
  virtual std::string uri() const = 0;
  // The URI of one object or prefix.
  virtual std::string uri(std::string_view key) const = 0;

  // True when put_file and get_file carry the modification time along, so that equal times mean equal content. False
  // when `ObjectInfo::modified` is the time of the upload.
  virtual bool keeps_file_times() const { return false; }

  // How far this machine's clock is behind the one that times the objects, as far as is known.
  virtual std::chrono::milliseconds clock_behind() const { return std::chrono::milliseconds(0); }

  // How many transfers side by side are worthwhile.
  virtual int transfers_at_once() const { return 1; }

  // Error E142 (conflict) when the key exists and `only_new` is set; otherwise replaces. Of several writers of one new
  // key exactly one succeeds.
  virtual Result<void> put(std::string_view key, std::string_view content, bool only_new = true) = 0;
  // Uploads a local regular file (else E901) without holding it in memory.
  virtual Result<void> put_file(std::string_view key, const std::filesystem::path& file, bool only_new = true) = 0;
  // Error E150 (not found) when it is not there, E901 when it is larger than `limit` bytes.
  virtual Result<std::string> get(std::string_view key, std::uint64_t limit = 64ull << 20) = 0;
  // `length` bytes from `first` on: fewer where the object ends before, none behind its end. E150 when it is not there.
  virtual Result<std::string> get_range(std::string_view key, std::uint64_t first, std::uint64_t length) {
    return get(key, UINT64_MAX).map([&](const std::string& whole) {
      return whole.substr(std::min<std::uint64_t>(first, whole.size()), length);
    });
  }
  // Writes the object to `file`, which is replaced; makes missing folders.
  virtual Result<void> get_file(std::string_view key, const std::filesystem::path& file) = 0;
  // The same for an object that `list` has told of, which may spare a request.
  virtual Result<void> get_listed(const ObjectInfo& object, const std::filesystem::path& file) {
    return get_file(object.key, file);
  }
  // Every object below the folder `prefix` ("" is everything), sorted by key. Empty when there is no such folder.
  virtual Result<std::vector<ObjectInfo>> list(std::string_view prefix) = 0;
  virtual Result<bool> exists(std::string_view key) = 0;
  // What `list` tells of one object; none when it is not there.
  virtual Result<std::optional<ObjectInfo>> find(std::string_view key) {
    const std::size_t slash = key.rfind('/');
    return list(slash == std::string_view::npos ? "" : key.substr(0, slash)).map([&](const auto& objects) {
      const auto found = std::ranges::find(objects, key, &ObjectInfo::key);
      return found == objects.end() ? std::nullopt : std::optional(*found);
    });
  }
  // Success also when there was no such object.
  virtual Result<void> remove(std::string_view key) = 0;
};

// The store of "file:///absolute" or "file://relative/to/the/current/folder". Other schemes are error E152 until their
// library is there. The folder need not exist: the first write makes it.
//
// Symbolic links below the root of a file store are followed while they stay inside; one that leaves is error E141 on
// reading and on writing, and is not listed. A link to a folder is not descended into by `list`.
Result<std::unique_ptr<Store>> open_store(std::string_view location);

// The local folder a file:// URI names, made absolute against the current folder; error E152 for anything else. The
// path is taken as it is: no percent-decoding, no "~".
Result<std::filesystem::path> file_uri_path(std::string_view uri);
bool is_file_uri(std::string_view uri);

// E151 for what is not a key.
Result<void> check_key(std::string_view key);
Error bad_key(std::string_view key);

// Work in progress by its name: it ends with ".tmp" or ".tmp-" and six letters or digits.
bool is_temporary_name(std::string_view name);

struct SyncReport {
  std::size_t copied = 0;
  std::size_t skipped = 0;  // already there and unchanged
  // Relative to the folder: links that leave it and special files; objects whose key is none, and those whose name is
  // also that of a folder ("a" beside "a/b"), so that nothing is written outside of the folder or in each other's
  // place.
  std::vector<std::string> left_out = {};
};

struct SyncOptions {
  // Bytes of the files that are through, of those to be copied. Called from one thread at a time.
  std::function<void(std::uint64_t done, std::uint64_t total)> progress = {};
  std::stop_token stop = {};  // E904
};

// Unchanged means equal size and, where the store keeps file times, equal modification time; elsewhere a source that is
// not newer than the copy, also when this machine's clock is behind. As many files travel side by side as the store
// says. What was copied before a failure stays, and is not copied again by the next sync.
//
// Uploads every regular file below `folder` that is new or changed; changed objects are replaced, none is removed. A
// link to a file inside `folder` is uploaded as that file; temporary files are not counted. A file that vanishes
// meanwhile is passed over; no folder at all is like an empty one.
Result<SyncReport> sync_up(Store& store, std::string_view prefix, const std::filesystem::path& folder,
                           const SyncOptions& options = {});
// Downloads every object below `prefix` that is new or changed into `folder`, which is made.
Result<SyncReport> sync_down(Store& store, std::string_view prefix, const std::filesystem::path& folder,
                             const SyncOptions& options = {});

}  // namespace smflow::storage
