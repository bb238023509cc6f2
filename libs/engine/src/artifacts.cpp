#include "artifacts.hpp"

#include <algorithm>

namespace smflow::engine {

namespace fs = std::filesystem;

namespace {

// The program may have removed its folder, or put a link in its place: then there is nothing of it to keep.
bool holds_something(const storage::ArchiveSource& source) {
  std::error_code failed;
  if (!fs::is_directory(fs::symlink_status(source.folder, failed))) return false;
  return fs::directory_iterator(source.folder, failed) != fs::directory_iterator();
}

Result<std::string> pack_and_put(storage::Store& store, const JobFolder& folder, const std::string& job_name,
                                 const std::string& archive, const std::vector<storage::ArchiveSource>& sources) {
  const fs::path file = folder.path() / archive;
  auto written = storage::write_archive(sources, file);
  if (!written) return tl::unexpected(std::move(written).error());
  const std::string key = artifact_key(job_name, archive);
  if (auto put = store.put_file(key, file); !put) return tl::unexpected(std::move(put).error());
  std::error_code ignored;
  fs::remove(file, ignored);
  return store.uri(key);
}

}  // namespace

std::string artifact_key(const std::string& job_name, const std::string& archive) {
  return job_name + "/output/" + archive;
}

Result<void> check_name_is_free(storage::Store& store, const std::string& job_name) {
  for (const char* archive : {"model.tar.gz", "output.tar.gz"}) {
    const std::string key = artifact_key(job_name, archive);
    const auto exists = store.exists(key);
    if (!exists) return tl::unexpected(exists.error());
    if (*exists) {
      return tl::unexpected(Error{
          .code = "E140",
          .exit = ExitCode::conflict,
          .message = "a job named '" + job_name + "' has left '" + store.uri(key) + "', which is never overwritten",
          .fix = "choose another job name"});
    }
  }
  return {};
}

Result<std::string> store_artifact(storage::Store& store, const JobFolder& folder, const std::string& job_name,
                                   const std::string& name, const std::vector<storage::ArchiveSource>& sources) {
  std::vector<storage::ArchiveSource> filled;
  std::copy_if(sources.begin(), sources.end(), std::back_inserter(filled), holds_something);
  if (filled.empty()) return std::string();
  auto stored = pack_and_put(store, folder, job_name, name + ".tar.gz", filled);
  if (stored || stored.error().code != "E160") return stored;
  for (const storage::ArchiveSource& source : filled) {
    auto rescued = pack_and_put(store, folder, job_name, name + "-" + source.label + ".tar.gz", {source});
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
