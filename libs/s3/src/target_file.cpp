#include "target_file.hpp"

#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace smflow::s3 {

Result<TargetFile> TargetFile::create(const std::filesystem::path& file) {
  auto created = AtomicFile::create(file);
  if (!created) return tl::unexpected(std::move(created).error());
  return TargetFile(*std::move(created), file.string());
}

Result<void> TargetFile::reserve(std::uint64_t size) {
  // Not posix_fallocate: where the file system cannot do it, that writes every block.
  if (::fallocate(file_.fd(), 0, 0, static_cast<off_t>(size)) == 0) return {};
  return errno == ENOSPC || errno == EFBIG || errno == EDQUOT ? tl::unexpected(failure(errno)) : Result<void>{};
}

Result<void> TargetFile::write(std::uint64_t offset, std::span<const std::byte> bytes) {
  const std::lock_guard lock(*one_writes_);
  while (!bytes.empty()) {
    const ssize_t written = ::pwrite(file_.fd(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return tl::unexpected(failure(errno));
    offset += static_cast<std::uint64_t>(written);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return {};
}

Result<void> TargetFile::read(std::uint64_t offset, std::span<std::byte> out) const {
  while (!out.empty()) {
    const ssize_t got = ::pread(file_.fd(), out.data(), out.size(), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    // No bytes: somebody has truncated it.
    if (got <= 0) return tl::unexpected(system_error("cannot read '" + shown_ + "'", got < 0 ? errno : EIO));
    offset += static_cast<std::uint64_t>(got);
    out = out.subspan(static_cast<std::size_t>(got));
  }
  return {};
}

Result<void> TargetFile::commit(std::optional<WallTime> modified) {
  if (modified) {
    const auto milliseconds = modified->time_since_epoch().count();
    const timespec times[2] = {{.tv_sec = 0, .tv_nsec = UTIME_OMIT},
                               {.tv_sec = milliseconds / 1000, .tv_nsec = milliseconds % 1000 * 1'000'000}};
    if (::futimens(file_.fd(), times) != 0) return tl::unexpected(failure(errno));
  }
  return file_.commit();
}

}  // namespace smflow::s3
