#include "pending_object.hpp"

#include <cerrno>
#include <cstdio>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>

#include <smflow/base/random.hpp>

namespace smflow::storage {

namespace {

// The new name of a file, which must be free. RENAME_NOREPLACE is missing on some network file systems, links on
// others.
int rename_exclusively(int folder, const char* from, const char* to) {
  if (::renameat2(folder, from, folder, to, RENAME_NOREPLACE) == 0) return 0;
  if (errno != EINVAL && errno != ENOSYS) return -1;
  if (::linkat(folder, from, folder, to, 0) != 0) return -1;
  ::unlinkat(folder, from, 0);
  return 0;
}

}  // namespace

Result<PendingObject> PendingObject::create(UniqueFd folder, std::string name, std::string shown) {
  PendingObject object;
  object.folder_ = std::move(folder);
  object.name_ = std::move(name);
  object.shown_ = std::move(shown);
  SystemRandom random;
  for (int attempt = 0; attempt < 100; ++attempt) {
    std::string temporary = object.name_ + ".tmp-" + random_suffix(random, 6);
    const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    object.fd_.reset(::openat(object.folder_.get(), temporary.c_str(), flags, 0666));
    if (object.fd_) {
      object.temporary_ = std::move(temporary);
      return object;
    }
    if (errno != EEXIST) break;
  }
  return tl::unexpected(object.failure(errno));
}

PendingObject::~PendingObject() {
  if (folder_ && !temporary_.empty()) ::unlinkat(folder_.get(), temporary_.c_str(), 0);
}

Error PendingObject::failure(int errno_value) const {
  return system_error("cannot write '" + shown_ + "'", errno_value);
}

Result<void> PendingObject::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd_.get(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return tl::unexpected(failure(errno));
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Result<void> PendingObject::copy_from(int source) {
  std::vector<char> buffer(256u << 10);
  for (;;) {
    const ssize_t got = ::read(source, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return tl::unexpected(system_error("cannot read what is to become '" + shown_ + "'", errno));
    if (got == 0) return {};
    if (auto written = write({buffer.data(), static_cast<std::size_t>(got)}); !written) return written;
  }
}

Result<void> PendingObject::set_modified(std::int64_t nanoseconds) {
  constexpr std::int64_t second = 1'000'000'000;
  const std::int64_t fraction = (nanoseconds % second + second) % second;
  const timespec times[2] = {{.tv_sec = 0, .tv_nsec = UTIME_OMIT},
                             {.tv_sec = (nanoseconds - fraction) / second, .tv_nsec = fraction}};
  if (::futimens(fd_.get(), times) != 0) return tl::unexpected(failure(errno));
  return {};
}

Result<void> PendingObject::commit(bool only_new) {
  if (::fsync(fd_.get()) != 0 && errno != EINVAL && errno != EROFS) return tl::unexpected(failure(errno));
  const int folder = folder_.get();
  const int failed = only_new ? rename_exclusively(folder, temporary_.c_str(), name_.c_str())
                              : ::renameat(folder, temporary_.c_str(), folder, name_.c_str());
  if (failed != 0 && only_new && errno == EEXIST) {
    return tl::unexpected(Error{.code = "E142",
                                .exit = ExitCode::conflict,
                                .message = "'" + shown_ + "' exists already and is never overwritten",
                                .fix = "choose another name, or remove what is there"});
  }
  if (failed != 0) return tl::unexpected(failure(errno));
  temporary_.clear();
  fd_.reset();
  return {};
}

}  // namespace smflow::storage
