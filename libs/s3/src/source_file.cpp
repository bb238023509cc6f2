#include "source_file.hpp"

#include "errors.hpp"

#include <algorithm>
#include <cerrno>
#include <vector>

#include <fcntl.h>

#include <smflow/aws/checksum.hpp>

namespace smflow::s3 {

Result<std::shared_ptr<const SourceFile>> SourceFile::open(const std::filesystem::path& file) {
  const auto source = std::make_shared<SourceFile>();
  source->shown_ = file.string();
  const std::string what = "cannot read '" + file.string() + "'";
  // O_NONBLOCK: opening a FIFO must not wait for a writer.
  source->fd_.reset(::open(file.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (!source->fd_ || ::fstat(source->fd_.get(), &source->status_) != 0) {
    return tl::unexpected(system_error(what, errno));
  }
  if (S_ISREG(source->status_.st_mode)) return source;
  return tl::unexpected(Error{.code = "E901", .exit = ExitCode::machine, .message = what + ": not a regular file"});
}

Result<void> SourceFile::read(std::uint64_t offset, std::span<std::byte> out) const {
  while (!out.empty()) {
    const ssize_t got = ::pread(fd_.get(), out.data(), out.size(), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return tl::unexpected(system_error("cannot read '" + shown_ + "'", errno));
    if (got == 0) return tl::unexpected(file_changed(shown_));
    offset += static_cast<std::uint64_t>(got);
    out = out.subspan(static_cast<std::size_t>(got));
  }
  return {};
}

Result<void> SourceFile::check_unchanged() const {
  struct stat now {};
  if (::fstat(fd_.get(), &now) != 0) return tl::unexpected(system_error("cannot read '" + shown_ + "'", errno));
  const bool same = now.st_size == status_.st_size && now.st_mtim.tv_sec == status_.st_mtim.tv_sec &&
                    now.st_mtim.tv_nsec == status_.st_mtim.tv_nsec;
  return same ? Result<void>{} : tl::unexpected(file_changed(shown_));
}

Result<std::uint64_t> checksum_of(const http::BodySource& body) {
  std::vector<std::byte> buffer(std::min<std::uint64_t>(body.size(), 256u << 10));
  std::uint64_t crc = 0;
  for (std::uint64_t at = 0; at < body.size();) {
    const std::span piece(buffer.data(), std::min<std::uint64_t>(buffer.size(), body.size() - at));
    if (auto read = body.read(at, piece); !read) return tl::unexpected(std::move(read).error());
    crc = aws::crc64nvme(piece, crc);
    at += piece.size();
  }
  return crc;
}

}  // namespace smflow::s3
