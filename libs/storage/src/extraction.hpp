#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <sys/types.h>

#include <smflow/base/error.hpp>
#include <smflow/base/unique_fd.hpp>

namespace smflow::storage {

// The path of a tar member as we use it: without leading "./" and trailing "/"; empty for the root itself. Error E166
// when it is not a safe relative path, or too long or deep.
Result<std::string> member_path(std::string_view raw);

// Builds a tree of checked members below an open, empty folder. No symbolic link exists in it before `finish`, so that
// no member can be written through one.
class Extraction {
 public:
  explicit Extraction(UniqueFd root) : root_(std::move(root)) {}

  // Times are seconds since 1970.
  Result<void> add_folder(const std::string& path, mode_t mode, std::int64_t modified);
  // An empty new file, open for writing. Error E169 when the path is taken.
  Result<UniqueFd> create_file(const std::string& path, mode_t mode);
  // A second name of the file `target`, which was added before; else error E167.
  Result<void> add_hard_link(const std::string& path, const std::string& target);
  // Error E167 when the link leaves and may not.
  Result<void> add_link(const std::string& path, const std::string& target, std::int64_t modified, bool may_leave);
  // Makes the symbolic links, and gives them and the folders their times.
  Result<void> finish();

 private:
  struct Link {
    std::string path;
    std::string target;
  };

  Result<UniqueFd> folder_of(const std::string& path);

  UniqueFd root_;
  std::vector<Link> links_;
  std::vector<std::pair<std::string, std::int64_t>> times_;  // of folders and links
};

}  // namespace smflow::storage
