#include "extraction.hpp"

#include "beneath.hpp"
#include "link_rule.hpp"

#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>

#include <smflow/base/files.hpp>
#include <smflow/base/text.hpp>

namespace smflow::storage {

namespace {

std::string in_quotes(std::string_view path) {
  return "'" + printable(utf8_prefix(path, 300)) + "'";
}

Error hostile(const char* code, const std::string& message) {
  return {.code = code,
          .exit = ExitCode::configuration,
          .message = message,
          .fix = "do not use this archive unless you know who made it; nothing of it was kept"};
}

std::string name_of(const std::string& path) {
  return path.substr(path.rfind('/') + 1);  // npos + 1 is 0
}

// EEXIST and ENOTDIR mean that an earlier member stands in the way.
Error cannot_make(const std::string& path, int errno_value) {
  if (errno_value == EEXIST || errno_value == ENOTDIR) {
    return hostile("E169", "the archive holds " + in_quotes(path) + " twice, or as a file and as a folder");
  }
  if (errno_value == ENAMETOOLONG) return hostile("E166", "the member " + in_quotes(path) + " has too long a name");
  return system_error("cannot extract " + in_quotes(path), errno_value);
}

}  // namespace

Result<std::string> member_path(std::string_view raw) {
  std::string_view path = raw;
  while (path.starts_with("./")) path.remove_prefix(2);
  while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  if (path.empty() || path == ".") return std::string();
  if (!is_safe_relative_path(path)) {
    return tl::unexpected(hostile("E166", "the member " + in_quotes(raw) + " of the archive would leave the folder"));
  }
  if (path.size() > longest_member_path || folders_above(path) > deepest_member) {
    return tl::unexpected(hostile("E166", "the member " + in_quotes(raw) + " of the archive has too long a path"));
  }
  return std::string(path);
}

Result<UniqueFd> Extraction::folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  UniqueFd folder = make_folders_beneath(root_.get(), slash == std::string::npos ? "" : path.substr(0, slash));
  if (!folder) return tl::unexpected(cannot_make(path, errno));
  return folder;
}

Result<void> Extraction::add_folder(const std::string& path, mode_t mode, std::int64_t modified) {
  const auto parent = folder_of(path);
  if (!parent) return tl::unexpected(parent.error());
  const std::string name = name_of(path);
  times_.emplace_back(path, modified);
  if (::mkdirat(parent->get(), name.c_str(), (mode & 0777) | 0700) == 0) return {};
  struct stat status {};
  const int failure = errno;
  // A folder may be listed after its members, or twice.
  const bool there = failure == EEXIST && ::fstatat(parent->get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 &&
                     S_ISDIR(status.st_mode);
  return there ? Result<void>{} : tl::unexpected(cannot_make(path, failure));
}

Result<UniqueFd> Extraction::create_file(const std::string& path, mode_t mode) {
  const auto parent = folder_of(path);
  if (!parent) return tl::unexpected(parent.error());
  const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  UniqueFd file(::openat(parent->get(), name_of(path).c_str(), flags, (mode & 0777) | 0600));
  if (!file) return tl::unexpected(cannot_make(path, errno));
  return file;
}

Result<void> Extraction::add_hard_link(const std::string& path, const std::string& target) {
  const auto parent = folder_of(path);
  if (!parent) return tl::unexpected(parent.error());
  const UniqueFd file = open_beneath(root_.get(), target, O_RDONLY | O_NONBLOCK);
  struct stat status {};
  if (!file || ::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
    return tl::unexpected(hostile("E167", "the member " + in_quotes(path) + " is a second name of " +
                                              in_quotes(target) + ", which is not there"));
  }
  if (::linkat(root_.get(), target.c_str(), parent->get(), name_of(path).c_str(), 0) == 0) return {};
  return tl::unexpected(cannot_make(path, errno));
}

Result<void> Extraction::add_link(const std::string& path, const std::string& target, std::int64_t modified,
                                  bool may_leave) {
  if (!may_leave && !link_stays_inside(folders_above(path), target)) {
    return tl::unexpected(hostile(
        "E167", "the member " + in_quotes(path) + " is a link to " + in_quotes(target) + ", outside of the archive"));
  }
  // The folders above become real now, so that `finish` passes no link on its way.
  if (auto parent = folder_of(path); !parent) return tl::unexpected(std::move(parent).error());
  links_.push_back({path, target});
  times_.emplace_back(path, modified);
  return {};
}

Result<void> Extraction::finish() {
  for (const Link& link : links_) {
    const auto parent = folder_of(link.path);
    if (!parent) return tl::unexpected(parent.error());
    if (::symlinkat(link.target.c_str(), parent->get(), name_of(link.path).c_str()) != 0) {
      return tl::unexpected(cannot_make(link.path, errno));
    }
  }
  for (const auto& [path, modified] : times_) {
    const auto parent = folder_of(path);
    if (!parent) return tl::unexpected(parent.error());
    const timespec times[2] = {{.tv_sec = 0, .tv_nsec = UTIME_OMIT}, {.tv_sec = modified, .tv_nsec = 0}};
    // A time that the file system cannot hold is no reason to fail.
    ::utimensat(parent->get(), name_of(path).c_str(), times, AT_SYMLINK_NOFOLLOW);
  }
  return {};
}

}  // namespace smflow::storage
