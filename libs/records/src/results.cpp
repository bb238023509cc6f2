#include <smflow/base/files.hpp>
#include <smflow/records/run_record.hpp>
#include <smflow/storage/archive.hpp>

namespace smflow::records {

namespace {

bool is_shown_beside_the_record(std::string_view member) {
  return member.starts_with("metrics/") || member.starts_with("samples/");
}

}  // namespace

Result<void> copy_results(storage::Store& bucket, std::string_view prefix, const std::filesystem::path& archive) {
  auto scratch = TemporaryDirectory::create(std::filesystem::temp_directory_path(), "smflow-results-");
  if (!scratch) return tl::unexpected(std::move(scratch).error());
  const std::filesystem::path folder = scratch->path() / "output";
  if (auto read = storage::read_archive(archive, is_shown_beside_the_record, folder); !read) {
    return tl::unexpected(std::move(read).error());
  }
  if (auto synced = storage::sync_up(bucket, prefix, folder); !synced) return tl::unexpected(std::move(synced).error());
  return {};
}

}  // namespace smflow::records
