#include "beneath.hpp"
#include "regular_files.hpp"

#include <cerrno>
#include <map>

#include <fcntl.h>
#include <sys/stat.h>

#include <smflow/base/files.hpp>
#include <smflow/storage/store.hpp>

namespace smflow::storage {

namespace fs = std::filesystem;

namespace {

std::string_view without_slash(std::string_view prefix) {
  if (prefix.ends_with('/')) prefix.remove_suffix(1);
  return prefix;
}

std::string below(std::string_view prefix, std::string_view name) {
  return prefix.empty() ? std::string(name) : std::string(prefix) + "/" + std::string(name);
}

bool unchanged(const Store& store, const ObjectInfo& source, const ObjectInfo& copy) {
  if (source.size != copy.size) return false;
  return store.keeps_file_times() ? source.modified == copy.modified : source.modified <= copy.modified;
}

Error in_context(const std::string& what, Error error) {
  error.message = what + ": " + error.message;
  return error;
}

// By key relative to `prefix`.
Result<std::map<std::string, ObjectInfo>> stored_objects(Store& store, std::string_view prefix) {
  auto listed = store.list(prefix);
  if (!listed) return tl::unexpected(std::move(listed).error());
  std::map<std::string, ObjectInfo> objects;
  for (ObjectInfo& object : *listed) {
    std::string name = prefix.empty() ? object.key : object.key.substr(prefix.size() + 1);
    objects.emplace(std::move(name), std::move(object));
  }
  return objects;
}

// Opened through the checked way in, so that a link planted meanwhile by the job cannot lead out.
Result<bool> upload(Store& store, int folder, const std::string& name, const std::string& key) {
  const UniqueFd file = open_beneath(folder, name, O_RDONLY | O_NONBLOCK);
  if (!file && errno == ENOENT) return false;
  if (!file) return tl::unexpected(system_error("cannot upload '" + name + "'", errno));
  auto put = store.put_file(key, "/proc/self/fd/" + std::to_string(file.get()), false);
  if (!put) return tl::unexpected(in_context("cannot upload '" + name + "'", std::move(put).error()));
  return true;
}

bool is_current(const Store& store, const ObjectInfo& object, const fs::path& file) {
  struct stat status {};
  if (::lstat(file.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return false;
  return unchanged(store, object, {{}, static_cast<std::uint64_t>(status.st_size), modification_time(status)});
}

}  // namespace

Result<SyncReport> sync_up(Store& store, std::string_view prefix, const fs::path& folder) {
  prefix = without_slash(prefix);
  const UniqueFd root(::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!root && errno == ENOENT) return SyncReport{};
  if (!root) return tl::unexpected(system_error("cannot read '" + folder.string() + "'", errno));
  auto found = regular_files(root.get(), "");
  if (!found) return tl::unexpected(in_context("cannot upload '" + folder.string() + "'", std::move(found).error()));
  const auto stored = stored_objects(store, prefix);
  if (!stored) return tl::unexpected(stored.error());
  SyncReport report{.left_out = std::move(found->left_out)};
  for (const ObjectInfo& file : found->files) {
    const auto copy = stored->find(file.key);
    if (copy != stored->end() && unchanged(store, file, copy->second)) {
      ++report.skipped;
      continue;
    }
    const auto uploaded = upload(store, root.get(), file.key, below(prefix, file.key));
    if (!uploaded) return tl::unexpected(uploaded.error());
    report.copied += *uploaded ? 1 : 0;
  }
  return report;
}

Result<SyncReport> sync_down(Store& store, std::string_view prefix, const fs::path& folder) {
  prefix = without_slash(prefix);
  const auto stored = stored_objects(store, prefix);
  if (!stored) return tl::unexpected(stored.error());
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (failed) return tl::unexpected(system_error("cannot make the folder '" + folder.string() + "'", failed.value()));
  const UniqueFd root(::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!root) return tl::unexpected(system_error("cannot read '" + folder.string() + "'", errno));
  SyncReport report;
  for (const auto& [name, object] : *stored) {
    if (!is_safe_relative_path(name)) {
      report.left_out.push_back(name);
      continue;
    }
    if (is_current(store, object, folder / name)) {
      ++report.skipped;
      continue;
    }
    const std::size_t slash = name.rfind('/');
    const UniqueFd inside = make_folders_beneath(root.get(), slash == std::string::npos ? "" : name.substr(0, slash));
    if (!inside)
      return tl::unexpected(system_error("cannot download '" + object.key + "' into '" + folder.string() + "'", errno));
    if (auto got = store.get_file(object.key, folder / name); !got) return tl::unexpected(std::move(got).error());
    ++report.copied;
  }
  return report;
}

}  // namespace smflow::storage
