#include "host_folders.hpp"

#include <algorithm>
#include <cerrno>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/statvfs.h>

#include <smflow/engine/job_folder.hpp>
#include <smflow/engine/local_engine.hpp>

namespace smflow::engine {

namespace fs = std::filesystem;

namespace {

constexpr const char* lock_name = ".lock";

UniqueFd open_lock(const fs::path& folder, int flags) {
  return UniqueFd(::open((folder / lock_name).c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | flags, 0600));
}

// A folder with a lock that nobody holds belonged to a launcher that is gone.
bool remove_if_abandoned(const fs::path& folder) {
  const UniqueFd lock = open_lock(folder, 0);
  if (!lock || ::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) return false;
  remove_tree(folder);
  return true;
}

void make_enterable(const fs::path& folder) {
  std::error_code ignored;
  fs::permissions(folder, fs::perms::owner_all, fs::perm_options::add | fs::perm_options::nofollow, ignored);
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, ignored)) {
    std::error_code vanished;
    if (!entry.is_symlink(vanished) && entry.is_directory(vanished)) make_enterable(entry.path());
  }
}

}  // namespace

Result<JobFolder> JobFolder::create(const fs::path& work_directory, const std::string& job_name) {
  std::error_code failed;
  fs::create_directories(work_directory, failed);
  if (failed) return tl::unexpected(cannot_prepare(work_directory, failed.value()));
  // Held while folders are looked at and made: nobody may take a new folder for an abandoned one.
  const UniqueFd turn = open_lock(work_directory, O_CREAT);
  if (!turn || ::flock(turn.get(), LOCK_EX) != 0) return tl::unexpected(cannot_prepare(work_directory, errno));
  remove_leftovers(work_directory);

  const fs::path folder = work_directory / job_name;
  if (!fs::create_directory(folder, failed)) {
    if (failed) return tl::unexpected(cannot_prepare(folder, failed.value()));
    return tl::unexpected(Error{.code = "E140",
                                .exit = ExitCode::conflict,
                                .message = "a job named '" + job_name + "' has its folder '" + folder.string() +
                                           "' already: it is still running, or its files were kept",
                                .fix = "choose another job name, or remove that folder when no job uses it"});
  }
  UniqueFd lock = open_lock(folder, O_CREAT);
  // Nobody else holds it for longer than a look whether the job lives.
  if (!lock || ::flock(lock.get(), LOCK_EX) != 0) return tl::unexpected(cannot_prepare(folder, errno));
  return JobFolder(folder, std::move(lock));
}

JobFolder::JobFolder(JobFolder&& other) noexcept
    : path_(std::exchange(other.path_, {})), lock_(std::move(other.lock_)) {}

JobFolder::~JobFolder() {
  if (!path_.empty()) remove_tree(path_);
}

void JobFolder::keep() {
  std::error_code ignored;
  fs::remove(path_ / lock_name, ignored);
  path_.clear();
}

std::vector<std::string> remove_leftovers(const fs::path& work_directory) {
  std::vector<std::string> removed;
  std::error_code failed;
  for (const fs::directory_entry& entry : fs::directory_iterator(work_directory, failed)) {
    std::error_code vanished;
    if (entry.is_symlink(vanished) || !entry.is_directory(vanished)) continue;
    if (remove_if_abandoned(entry.path())) removed.push_back(entry.path().string());
  }
  return removed;
}

std::vector<fs::path> folders_by_age(const fs::path& parent) {
  std::vector<std::pair<fs::file_time_type, fs::path>> found;
  std::error_code failed;
  for (const fs::directory_entry& entry : fs::directory_iterator(parent, failed)) {
    std::error_code vanished;
    if (!entry.is_symlink(vanished) && entry.is_directory(vanished)) {
      found.emplace_back(entry.last_write_time(vanished), entry.path());
    }
  }
  std::sort(found.begin(), found.end());
  std::vector<fs::path> folders;
  for (auto& [time, path] : found) folders.push_back(std::move(path));
  return folders;
}

void remove_tree(const fs::path& folder) {
  std::error_code failed;
  fs::remove_all(folder, failed);
  if (!failed) return;
  make_enterable(folder);
  fs::remove_all(folder, failed);
}

bool disk_is_full(const fs::path& folder) {
  struct statvfs space {};
  if (::statvfs(folder.c_str(), &space) != 0) return false;
  constexpr unsigned long long least = 64 << 10;
  const bool no_files_left = space.f_files != 0 && space.f_favail == 0;
  return no_files_left || static_cast<unsigned long long>(space.f_bavail) * space.f_frsize < least;
}

}  // namespace smflow::engine
