#include "beneath.hpp"

#include <cerrno>
#include <climits>
#include <deque>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>

#include <smflow/base/text.hpp>

namespace smflow::storage {

namespace {

UniqueFd refused(int errno_value) {
  errno = errno_value;
  return {};
}

class Walk {
 public:
  Walk(int root, std::string_view path, int flags) : root_(root), flags_(flags) { enqueue(path); }

  UniqueFd run() {
    while (!todo_.empty()) {
      const std::string part = std::move(todo_.front());
      todo_.pop_front();
      if (part == "..") {
        if (folders_.empty()) return refused(EXDEV);
        folders_.pop_back();
        continue;
      }
      const bool last = todo_.empty();
      UniqueFd opened(::openat(here(), part.c_str(), (last ? flags_ : O_PATH | O_DIRECTORY) | O_NOFOLLOW | O_CLOEXEC));
      if (opened && last) return opened;
      if (opened) {
        folders_.push_back(std::move(opened));
      } else if (!follow(part)) {
        return {};
      }
    }
    return UniqueFd(::openat(here(), ".", flags_ | O_CLOEXEC));
  }

 private:
  int here() const { return folders_.empty() ? root_ : folders_.back().get(); }

  void enqueue(std::string_view path) {
    const std::vector<std::string> parts = split(path, '/');
    for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
      if (!part->empty() && *part != ".") todo_.push_front(*part);
    }
  }

  // Opening failed with errno: goes on at the target when `part` is a link (ELOOP, or ENOTDIR where a folder is
  // wanted).
  bool follow(const std::string& part) {
    const int failure = errno;
    const std::string target = failure == ELOOP || failure == ENOTDIR ? read_link(here(), part) : "";
    if (target.empty()) errno = failure;
    if (!target.empty() && target.front() == '/') errno = EXDEV;
    if (target.empty() || target.front() == '/') return false;
    if (++links_ > 40) {
      errno = ELOOP;
      return false;
    }
    enqueue(target);
    return true;
  }

  int root_;
  int flags_;
  std::vector<UniqueFd> folders_;
  std::deque<std::string> todo_;
  int links_ = 0;
};

}  // namespace

std::string read_link(int folder, const std::string& name) {
  std::string target(PATH_MAX, '\0');
  const ssize_t length = ::readlinkat(folder, name.c_str(), target.data(), target.size());
  target.resize(length < 0 ? 0 : static_cast<std::size_t>(length));
  return target;
}

UniqueFd open_beneath(int root, std::string_view path, int flags) {
  return Walk(root, path, flags).run();
}

UniqueFd make_folders_beneath(int root, std::string_view path) {
  UniqueFd folder = open_beneath(root, path, O_PATH | O_DIRECTORY);
  if (folder || errno != ENOENT || path.empty()) return folder;
  const std::size_t slash = path.rfind('/');
  const std::string_view above = slash == std::string_view::npos ? "" : path.substr(0, slash);
  const std::string name(slash == std::string_view::npos ? path : path.substr(slash + 1));
  const UniqueFd parent = make_folders_beneath(root, above);
  if (!parent) return {};
  if (::mkdirat(parent.get(), name.c_str(), 0777) != 0 && errno != EEXIST) return {};
  return open_beneath(root, path, O_PATH | O_DIRECTORY);
}

}  // namespace smflow::storage
