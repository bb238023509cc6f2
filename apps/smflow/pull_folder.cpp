#include "pull_folder.hpp"

#include <fcntl.h>
#include <sys/file.h>

namespace smflow::cli {

namespace fs = std::filesystem;

namespace {

UniqueFd locked(const fs::path& folder, int how) {
  UniqueFd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd && ::flock(fd.get(), how) != 0) fd.reset();
  return fd;
}

bool is_folder(const fs::directory_entry& entry) {
  std::error_code vanished;
  return !entry.is_symlink(vanished) && entry.is_directory(vanished);
}

}  // namespace

UniqueFd lock_pull_folder(const fs::path& folder) {
  return locked(folder, LOCK_SH);
}

std::vector<std::string> remove_pull_leftovers(const fs::path& folder) {
  const UniqueFd lock = locked(folder, LOCK_EX | LOCK_NB);
  if (!lock) return {};
  std::vector<std::string> removed;
  std::error_code failed;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, failed)) {
    if (!is_folder(entry) || !entry.path().filename().string().starts_with(aside_prefix)) continue;
    std::error_code remains;
    fs::remove_all(entry.path(), remains);
    if (!remains) removed.push_back(entry.path().string());
  }
  return removed;
}

}  // namespace smflow::cli
