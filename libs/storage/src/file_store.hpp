#pragma once

#include <smflow/base/unique_fd.hpp>
#include <smflow/storage/store.hpp>

namespace smflow::storage {

// Objects are the regular files below a folder.
class FileStore : public Store {
 public:
  // `root` is absolute.
  explicit FileStore(std::filesystem::path root) : root_(std::move(root)) {}

  std::string uri() const override;
  std::string uri(std::string_view key) const override;
  bool keeps_file_times() const override { return true; }
  Result<void> put(std::string_view key, std::string_view content, bool only_new) override;
  Result<void> put_file(std::string_view key, const std::filesystem::path& file, bool only_new) override;
  Result<std::string> get(std::string_view key, std::uint64_t limit) override;
  Result<std::string> get_range(std::string_view key, std::uint64_t first, std::uint64_t length) override;
  Result<void> get_file(std::string_view key, const std::filesystem::path& file) override;
  Result<std::vector<ObjectInfo>> list(std::string_view prefix) override;
  Result<bool> exists(std::string_view key) override;
  Result<void> remove(std::string_view key) override;

 private:
  // The existing object, open for reading.
  Result<UniqueFd> open_object(std::string_view key) const;
  // The folder that holds the object, made when missing.
  Result<UniqueFd> open_folder_of(std::string_view key) const;
  Error cannot(std::string_view action, std::string_view key, int errno_value) const;

  std::filesystem::path root_;
};

}  // namespace smflow::storage
