#include "debugging.hpp"

#include <algorithm>
#include <charconv>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <smflow/base/files.hpp>
#include <smflow/base/unique_fd.hpp>
#include <smflow/engine/job_folder.hpp>
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

}  // namespace

std::vector<RunningJob> running_jobs(const fs::path& work_directory) {
  std::vector<RunningJob> jobs;
  for (const fs::path& folder : folders_by_age(work_directory)) {
    if (!is_held(folder)) continue;
    RunningJob job{.name = folder.filename().string(), .folder = folder, .hosts = {}};
    for (const fs::path& host : folders_by_age(folder)) {
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
  for (const fs::path& job : folders_by_age(work_directory / cores_folder)) {
    for (const fs::path& host : folders_by_age(job)) {
      cores.push_back({.job = job.filename().string(), .host = host.filename().string(), .folder = host});
    }
  }
  return cores;
}

}  // namespace smflow::engine
