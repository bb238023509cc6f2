#include "debugging.hpp"

#include <algorithm>
#include <charconv>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <smflow/base/files.hpp>
#include <smflow/base/unique_fd.hpp>
#include <smflow/engine/running_jobs.hpp>

namespace smflow::engine {

namespace fs = std::filesystem;

namespace {

// 0 for a folder of another name.
int host_number(const std::string& name) {
  constexpr std::string_view prefix = "algo-";
  int number = 0;
  if (name.starts_with(prefix)) std::from_chars(name.data() + prefix.size(), name.data() + name.size(), number);
  return number;
}

bool is_held(const fs::path& folder) {
  const UniqueFd lock(::open((folder / ".lock").c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  return lock && ::flock(lock.get(), LOCK_SH | LOCK_NB) != 0;
}

// Folders in `parent`, oldest first.
std::vector<fs::path> folders_in(const fs::path& parent) {
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

}  // namespace

std::vector<RunningJob> running_jobs(const fs::path& work_directory) {
  std::vector<RunningJob> jobs;
  for (const fs::path& folder : folders_in(work_directory)) {
    if (!is_held(folder)) continue;
    RunningJob job{.name = folder.filename().string(), .folder = folder, .hosts = {}};
    for (const fs::path& host : folders_in(folder)) {
      if (host_number(host.filename().string()) > 0) job.hosts.push_back({host.filename().string(), host});
    }
    std::sort(job.hosts.begin(), job.hosts.end(), [](const RunningHost& one, const RunningHost& other) {
      return host_number(one.name) < host_number(other.name);
    });
    job.code = read_file(folder / code_file, 8192).value_or("");
    jobs.push_back(std::move(job));
  }
  return jobs;
}

fs::path console_folder(const RunningHost& host) {
  return debug_folder(host.folder);
}

std::vector<KeptCore> kept_cores(const fs::path& work_directory) {
  std::vector<KeptCore> cores;
  for (const fs::path& job : folders_in(work_directory / cores_folder)) {
    for (const fs::path& host : folders_in(job)) {
      cores.push_back({.job = job.filename().string(), .host = host.filename().string(), .folder = host});
    }
  }
  return cores;
}

}  // namespace smflow::engine
