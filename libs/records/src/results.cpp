#include "copied_folders.hpp"

#include <smflow/base/files.hpp>
#include <smflow/records/run_record.hpp>
#include <smflow/storage/archive.hpp>

namespace smflow::records {

namespace {

Result<void> copy_folder(storage::Store& bucket, std::string_view prefix, const std::filesystem::path& output) {
  for (const std::string_view folder : copied_folders) {
    const std::string below = std::string(prefix) + "/" + std::string(folder);
    if (auto synced = storage::sync_up(bucket, below, output / folder); !synced) {
      return tl::unexpected(std::move(synced).error());
    }
  }
  return {};
}

}  // namespace

Result<void> copy_results(storage::Store& bucket, std::string_view prefix, const std::filesystem::path& artifact) {
  if (std::filesystem::is_directory(artifact)) return copy_folder(bucket, prefix, artifact);
  auto scratch = TemporaryDirectory::create(std::filesystem::temp_directory_path(), "smflow-results-");
  if (!scratch) return tl::unexpected(std::move(scratch).error());
  const std::filesystem::path folder = scratch->path() / "output";
  if (auto read = storage::read_archive(artifact, is_copied, folder); !read) {
    return tl::unexpected(std::move(read).error());
  }
  if (auto synced = storage::sync_up(bucket, prefix, folder); !synced) return tl::unexpected(std::move(synced).error());
  return {};
}

}  // namespace smflow::records
