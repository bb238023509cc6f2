#include "artifacts.hpp"

#include <algorithm>

#include <smflow/base/text.hpp>
#include <smflow/plan/job_plan.hpp>

namespace smflow::engine {

namespace fs = std::filesystem;

namespace {

// The program may have removed its folder, or put a link in its place: then there is nothing of it to keep.
bool holds_something(const storage::ArchiveSource& source) {
  std::error_code failed;
  if (!fs::is_directory(fs::symlink_status(source.folder, failed))) return false;
  return fs::directory_iterator(source.folder, failed) != fs::directory_iterator();
}

constexpr std::string_view archive_ending = ".tar.gz";

// Unpacked once more it is as a packed artifact is: the hosts' files merged, and no link that leaves.
Result<void> put_files(storage::Store& store, const std::string& prefix, const fs::path& archive,
                       const fs::path& unpacked) {
  if (auto extracted = storage::extract_archive(archive, unpacked); !extracted) {
    return tl::unexpected(std::move(extracted).error());
  }
  auto synced = storage::sync_up(store, prefix, unpacked);
  if (!synced) return tl::unexpected(std::move(synced).error());
  std::error_code ignored;
  fs::remove_all(unpacked, ignored);
  return {};
}

Result<std::string> put_artifact(storage::Store& store, const JobFolder& folder, const std::string& job_name,
                                 const std::string& name, const std::vector<storage::ArchiveSource>& sources) {
  const bool packed = name.ends_with(archive_ending);
  const std::string stem = name.substr(0, name.size() - (packed ? archive_ending.size() : 1));
  const fs::path file = folder.path() / (stem + std::string(archive_ending));
  auto written = storage::write_archive(sources, file);
  if (!written) return tl::unexpected(std::move(written).error());
  const std::string key = artifact_key(job_name, packed ? name : stem);
  auto put = packed ? store.put_file(key, file) : put_files(store, key, file, folder.path() / stem);
  if (!put) return tl::unexpected(std::move(put).error());
  std::error_code ignored;
  fs::remove(file, ignored);
  return store.uri(key) + (packed ? "" : "/");
}

// "model-algo-1.tar.gz", "model-algo-1/".
std::string name_of_host(const std::string& name, const std::string& host) {
  return std::string(name).insert(name.find_first_of("./"), "-" + host);
}

}  // namespace

std::string artifact_key(const std::string& job_name, const std::string& name) {
  return plan::artifacts_folder(job_name) + "/" + name;
}

Result<void> check_name_is_free(storage::Store& store, const std::string& job_name) {
  const auto left = store.list(plan::artifacts_folder(job_name));
  if (!left) return tl::unexpected(left.error());
  if (left->empty()) return {};
  return tl::unexpected(Error{.code = "E140",
                              .exit = ExitCode::conflict,
                              .message = "a job named '" + job_name + "' has left '" +
                                         printable(store.uri(left->front().key)) + "', which is never overwritten",
                              .fix = "choose another job name"});
}

Result<std::string> store_artifact(storage::Store& store, const JobFolder& folder, const std::string& job_name,
                                   const std::string& name, const std::vector<storage::ArchiveSource>& sources) {
  std::vector<storage::ArchiveSource> filled;
  std::copy_if(sources.begin(), sources.end(), std::back_inserter(filled), holds_something);
  if (filled.empty()) return std::string();
  auto stored = put_artifact(store, folder, job_name, name, filled);
  if (stored || stored.error().code != "E160") return stored;
  for (const storage::ArchiveSource& source : filled) {
    auto rescued = put_artifact(store, folder, job_name, name_of_host(name, source.label), {source});
    if (!rescued) return rescued;
  }
  return stored;
}

Result<void> store_log(storage::Store& record, const HostLog& log) {
  std::string key = "logs/" + log.host() + ".txt";
  for (int run = 2; record.exists(key).value_or(false); ++run) {
    key = "logs/" + log.host() + "." + std::to_string(run) + ".txt";
  }
  return record.put_file(key, log.file());
}

}  // namespace smflow::engine
