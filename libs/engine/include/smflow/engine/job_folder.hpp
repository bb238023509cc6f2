#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <smflow/base/error.hpp>
#include <smflow/base/unique_fd.hpp>

namespace smflow::engine {

// The folder <work directory>/<job name> of one running job, or of other work that is there only while it lasts. It is
// locked as long as that has a process, so that the folder of a launcher that was killed can be told from one in use.
class JobFolder {
 public:
  // Makes the folder; removes folders that dead launchers left in `work_directory`. E140 when the job runs already.
  static Result<JobFolder> create(const std::filesystem::path& work_directory, const std::string& job_name);
  // Removes the folder with its content.
  ~JobFolder();
  JobFolder(JobFolder&& other) noexcept;
  JobFolder& operator=(JobFolder&&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path host(const std::string& name) const { return path_ / name; }
  const UniqueFd& lock() const { return lock_; }

  // Gives the folder up: it stays, for good.
  void keep();

 private:
  JobFolder(std::filesystem::path path, UniqueFd lock) : path_(std::move(path)), lock_(std::move(lock)) {}
  std::filesystem::path path_;
  UniqueFd lock_;
};

// Folders in `parent`, oldest first; links are left out.
std::vector<std::filesystem::path> folders_by_age(const std::filesystem::path& parent);

// Removes a folder with its content, also what its owner may not enter or change.
void remove_tree(const std::filesystem::path& folder);

// True when the file system that holds `folder` has no room left for files.
bool disk_is_full(const std::filesystem::path& folder);

}  // namespace smflow::engine
