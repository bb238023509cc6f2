#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>

#include <smflow/base/error.hpp>
#include <smflow/base/unique_fd.hpp>

namespace smflow::images {

// The file of decoded pictures, mapped. Layout, in the byte order of the machine (another order fails the version):
//   0      "smflow pixels\n\0\0", u32 version, u32 zero, u64 count, u64 entry bytes, transform text of 256 bytes
//   4096   u64 key of each entry, 0 while it is empty
//   then   from the next multiple of 4096 on: the entries
struct CacheShape {
  std::size_t count = 0;
  std::size_t entry_bytes = 0;
  std::string transform;  // below 256 bytes

  std::size_t pixels_at() const { return 4096 + (count * 8 + 4095) / 4096 * 4096; }
  std::size_t file_bytes() const { return pixels_at() + count * entry_bytes; }
};

// A mapping of the whole file; move-only.
class CacheMapping {
 public:
  CacheMapping() = default;
  CacheMapping(std::uint8_t* bytes, CacheShape shape) : bytes_(bytes), shape_(std::move(shape)) {}
  ~CacheMapping();
  CacheMapping(CacheMapping&& other) noexcept
      : bytes_(std::exchange(other.bytes_, nullptr)), shape_(std::move(other.shape_)) {}
  CacheMapping& operator=(CacheMapping&& other) noexcept;

  explicit operator bool() const { return bytes_ != nullptr; }
  // The key is written with release after the entry's bytes, and read with acquire before them.
  std::uint64_t key(std::size_t index) const;
  void set_key(std::size_t index, std::uint64_t key);
  std::uint8_t* entry(std::size_t index) { return bytes_ + shape_.pixels_at() + index * shape_.entry_bytes; }

 private:
  std::uint64_t& key_place(std::size_t index) const;
  std::uint8_t* bytes_ = nullptr;
  CacheShape shape_;
};

// What stands under the name of the cache.
struct ExistingCache {
  CacheMapping mapping;  // empty unless it fits `shape`
  bool foreign = false;  // something else, which must not be replaced
};
ExistingCache open_cache(const std::filesystem::path& file, const CacheShape& shape);

// A cache in the making. It has no name, or a temporary one where the file system insists, until publish().
class NewCache {
 public:
  // All of its space is reserved: a page that has no room on a full disk would kill the process when it is written.
  static Result<NewCache> create(const std::filesystem::path& file, const CacheShape& shape);
  ~NewCache();
  NewCache(NewCache&&) noexcept;
  NewCache& operator=(NewCache&&) = delete;

  CacheMapping& mapping() { return mapping_; }
  // Writes everything to the disk, then gives it the name, in place of what had it.
  Result<void> publish();

 private:
  NewCache() = default;
  Result<void> open();
  Result<void> fill(const CacheShape& shape);
  Result<void> give_temporary_name();

  std::filesystem::path file_;
  std::filesystem::path temporary_;  // empty while the file has no name
  UniqueFd fd_;
  CacheMapping mapping_;
};

}  // namespace smflow::images
