#include "regular_files.hpp"

#include "beneath.hpp"

#include <algorithm>
#include <cerrno>
#include <memory>

#include <dirent.h>
#include <fcntl.h>

namespace smflow::storage {

namespace {

constexpr int deepest = 200;  // folders; every level holds a descriptor

class Collector {
 public:
  explicit Collector(int root) : root_(root) {}

  Result<void> folder(UniqueFd fd, const std::string& prefix, int depth) {
    const auto cannot_list = [&] { return tl::unexpected(system_error("cannot list '" + prefix + "'", errno)); };
    if (depth > deepest) {
      errno = ELOOP;
      return cannot_list();
    }
    const std::unique_ptr<DIR, int (*)(DIR*)> open(::fdopendir(fd.get()), ::closedir);
    if (!open) return cannot_list();
    fd.release();
    for (;;) {
      errno = 0;
      const dirent* entry = ::readdir(open.get());
      if (entry == nullptr && errno != 0) return cannot_list();
      if (entry == nullptr) return {};
      const std::string name = entry->d_name;
      if (name == "." || name == ".." || is_temporary_name(name)) continue;
      if (auto done = member(::dirfd(open.get()), name, prefix, depth); !done) return done;
    }
  }

  RegularFiles found;

 private:
  Result<void> member(int parent, const std::string& name, const std::string& prefix, int depth) {
    const std::string key = prefix.empty() ? name : prefix + "/" + name;
    struct stat status {};
    if (::fstatat(parent, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
      if (errno == ENOENT) return {};  // removed meanwhile
      return tl::unexpected(system_error("cannot list '" + key + "'", errno));
    }
    if (S_ISDIR(status.st_mode)) {
      UniqueFd inner(::openat(parent, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
      if (!inner && errno == ENOENT) return {};
      if (!inner) return tl::unexpected(system_error("cannot list '" + key + "'", errno));
      return folder(std::move(inner), key, depth + 1);
    }
    if (S_ISLNK(status.st_mode)) {
      const UniqueFd target = open_beneath(root_, key, O_RDONLY | O_NONBLOCK);
      const bool known = target && ::fstat(target.get(), &status) == 0;
      if (known && S_ISDIR(status.st_mode)) return {};
      if (!known) status.st_mode = S_IFLNK;
    }
    if (S_ISREG(status.st_mode)) {
      found.files.push_back({key, static_cast<std::uint64_t>(status.st_size), modification_time(status), {}});
    } else {
      found.left_out.push_back(key);
    }
    return {};
  }

  int root_;
};

}  // namespace

std::int64_t modification_time(const struct stat& status) {
  return std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec;
}

Result<RegularFiles> regular_files(int root, const std::string& prefix) {
  UniqueFd start = open_beneath(root, prefix, O_RDONLY | O_DIRECTORY);
  if (!start && (errno == ENOENT || errno == ENOTDIR)) return RegularFiles{};
  if (!start) return tl::unexpected(system_error("cannot list '" + prefix + "'", errno));
  Collector collector(root);
  if (auto done = collector.folder(std::move(start), prefix, 0); !done) return tl::unexpected(std::move(done).error());
  std::ranges::sort(collector.found.files, {}, &ObjectInfo::key);
  std::ranges::sort(collector.found.left_out);
  return std::move(collector.found);
}

}  // namespace smflow::storage
