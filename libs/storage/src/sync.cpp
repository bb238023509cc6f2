#include "beneath.hpp"
#include "regular_files.hpp"

#include <cerrno>
#include <map>
#include <mutex>

#include <fcntl.h>
#include <sys/stat.h>

#include <smflow/base/files.hpp>
#include <smflow/base/parallel.hpp>
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

// How much older than its copy a file may look that has changed since: what is known of a clock is good to a second.
std::int64_t doubt(const Store& store) {
  const std::chrono::milliseconds behind = store.clock_behind();
  if (behind <= behind.zero()) return 0;
  return std::chrono::nanoseconds(behind + std::chrono::seconds(1)).count();
}

bool unchanged(const Store& store, const ObjectInfo& source, const ObjectInfo& copy, std::int64_t doubt = 0) {
  if (source.size != copy.size) return false;
  if (source.modified == copy.modified) return true;
  return !store.keeps_file_times() && source.modified <= copy.modified - doubt;
}

Error in_context(const std::string& what, Error error) {
  error.message = what + ": " + error.message;
  return error;
}

// By key relative to a prefix.
using Objects = std::map<std::string, ObjectInfo>;

Result<Objects> stored_objects(Store& store, std::string_view prefix) {
  auto listed = store.list(prefix);
  if (!listed) return tl::unexpected(std::move(listed).error());
  Objects objects;
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

// Copies what has to be copied, side by side, and counts it.
class Copies {
 public:
  Copies(Store& store, const SyncOptions& options) : store_(store), options_(options) {}

  // A file or object that is to be copied; it must outlive the copying.
  void add(const std::string& name, const ObjectInfo& info) {
    pending_.push_back({&name, &info});
    total_ += info.size;
  }

  // `copy(name, info)` says whether there was something to copy.
  template <class Copy>
  Result<void> run(SyncReport& report, const Copy& copy) {
    return in_parallel(pending_.size(), store_.transfers_at_once(), options_.stop,
                       [&](std::size_t index, const std::stop_token&) -> Result<void> {
                         const auto [name, info] = pending_[index];
                         const Result<bool> copied = copy(*name, *info);
                         if (!copied) return tl::unexpected(copied.error());
                         const std::lock_guard lock(mutex_);
                         report.copied += *copied ? 1 : 0;
                         done_ += info->size;
                         if (options_.progress) options_.progress(done_, total_);
                         return {};
                       });
  }

 private:
  Store& store_;
  const SyncOptions& options_;
  std::vector<std::pair<const std::string*, const ObjectInfo*>> pending_;
  std::uint64_t total_ = 0;
  std::mutex mutex_;
  std::uint64_t done_ = 0;
};

bool is_folder_of_another(const std::string& name, const Objects& objects) {
  const auto below = objects.lower_bound(name + "/");
  return below != objects.end() && below->first.starts_with(name + "/");
}

// Takes out what must not come onto this machine.
std::vector<std::string> take_out_unsafe(Objects& objects) {
  std::vector<std::string> names;
  std::erase_if(objects, [&](const auto& object) {
    const bool bad = !check_key(object.first);
    if (bad) names.push_back(object.first);
    return bad;
  });
  for (auto object = objects.begin(); object != objects.end();) {
    const bool bad = is_folder_of_another(object->first, objects);
    if (bad) names.push_back(object->first);
    object = bad ? objects.erase(object) : std::next(object);
  }
  return names;
}

Result<UniqueFd> make_root(const fs::path& folder) {
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (failed) return tl::unexpected(system_error("cannot make the folder '" + folder.string() + "'", failed.value()));
  UniqueFd root(::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!root) return tl::unexpected(system_error("cannot read '" + folder.string() + "'", errno));
  return root;
}

Result<bool> download(Store& store, int root, const fs::path& folder, const std::string& name,
                      const ObjectInfo& object) {
  const std::size_t slash = name.rfind('/');
  const UniqueFd inside = make_folders_beneath(root, slash == std::string::npos ? "" : name.substr(0, slash));
  if (!inside) {
    return tl::unexpected(system_error("cannot download '" + object.key + "' into '" + folder.string() + "'", errno));
  }
  if (auto got = store.get_listed(object, folder / name); !got) return tl::unexpected(std::move(got).error());
  return true;
}

}  // namespace

Result<SyncReport> sync_up(Store& store, std::string_view prefix, const fs::path& folder, const SyncOptions& options) {
  prefix = without_slash(prefix);
  const UniqueFd root(::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!root && errno == ENOENT) return SyncReport{};
  if (!root) return tl::unexpected(system_error("cannot read '" + folder.string() + "'", errno));
  auto found = regular_files(root.get(), "");
  if (!found) return tl::unexpected(in_context("cannot upload '" + folder.string() + "'", std::move(found).error()));
  const auto stored = stored_objects(store, prefix);
  if (!stored) return tl::unexpected(stored.error());
  SyncReport report{.left_out = std::move(found->left_out)};
  Copies copies(store, options);
  const std::int64_t in_doubt = doubt(store);
  for (const ObjectInfo& file : found->files) {
    const auto copy = stored->find(file.key);
    const bool current = copy != stored->end() && unchanged(store, file, copy->second, in_doubt);
    current ? void(++report.skipped) : copies.add(file.key, file);
  }
  auto done = copies.run(report, [&](const std::string& name, const ObjectInfo&) {
    return upload(store, root.get(), name, below(prefix, name));
  });
  if (!done) return tl::unexpected(std::move(done).error());
  return report;
}

Result<SyncReport> sync_down(Store& store, std::string_view prefix, const fs::path& folder,
                             const SyncOptions& options) {
  prefix = without_slash(prefix);
  auto stored = stored_objects(store, prefix);
  if (!stored) return tl::unexpected(std::move(stored).error());
  const auto root = make_root(folder);
  if (!root) return tl::unexpected(root.error());
  SyncReport report{.left_out = take_out_unsafe(*stored)};
  Copies copies(store, options);
  for (const auto& [name, object] : *stored) {
    is_current(store, object, folder / name) ? void(++report.skipped) : copies.add(name, object);
  }
  auto done = copies.run(report, [&](const std::string& name, const ObjectInfo& object) {
    return download(store, root->get(), folder, name, object);
  });
  if (!done) return tl::unexpected(std::move(done).error());
  return report;
}

}  // namespace smflow::storage
