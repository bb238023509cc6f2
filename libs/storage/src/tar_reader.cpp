#include "tar_reader.hpp"

#include <cerrno>
#include <new>

#include <archive.h>
#include <archive_entry.h>
#include <unistd.h>

#include <smflow/base/parallel.hpp>
#include <smflow/base/text.hpp>

namespace smflow::storage {

namespace {

MemberKind kind_of(archive_entry* entry) {
  if (archive_entry_hardlink(entry) != nullptr) return MemberKind::hard_link;
  switch (archive_entry_filetype(entry)) {
    case AE_IFREG:
      return MemberKind::file;
    case AE_IFDIR:
      return MemberKind::folder;
    case AE_IFLNK:
      return MemberKind::link;
    default:
      return MemberKind::special;
  }
}

std::string text(const char* bytes) {
  return bytes == nullptr ? "" : bytes;
}

Result<void> write_at(int fd, const char* bytes, std::size_t size, la_int64_t offset, const std::string& path) {
  while (size > 0) {
    const ssize_t written = ::pwrite(fd, bytes, size, offset);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return tl::unexpected(system_error("cannot extract '" + printable(path) + "'", errno));
    bytes += written;
    offset += written;
    size -= static_cast<std::size_t>(written);
  }
  return {};
}

}  // namespace

void TarReader::Release::operator()(struct archive* reader) const {
  archive_read_free(reader);
}

TarReader::TarReader(GzipReader& bytes, std::string shown, std::uint64_t most_bytes, std::stop_token stop)
    : bytes_(bytes),
      shown_(std::move(shown)),
      most_bytes_(most_bytes),
      stop_(std::move(stop)),
      reader_(archive_read_new()) {
  if (!reader_) throw std::bad_alloc();
  archive_read_support_format_tar(reader_.get());
}

TarReader::~TarReader() = default;

Result<std::string_view> TarReader::piece() {
  if (stop_.stop_requested()) return tl::unexpected(interrupted());
  auto got = bytes_.next();
  if (got && bytes_.total() > most_bytes_) return tl::unexpected(too_much());
  return got;
}

ssize_t TarReader::supply(struct archive* reader, void* self, const void** bytes) {
  auto* const tar = static_cast<TarReader*>(self);
  const auto got = tar->piece();
  if (got) {
    *bytes = got->data();
    return static_cast<ssize_t>(got->size());
  }
  tar->source_status_ = tl::unexpected(got.error());
  archive_set_error(reader, EIO, "the input cannot be read");
  return -1;
}

Error TarReader::too_much() const {
  return {.code = "E168",
          .exit = ExitCode::configuration,
          .message = "'" + printable(shown_) + "' holds more than " + std::to_string(most_bytes_) + " bytes",
          .fix = "do not use this archive unless you know who made it; nothing of it was kept"};
}

Error TarReader::failure() const {
  if (!source_status_) return source_status_.error();
  return {.code = "E165",
          .exit = ExitCode::configuration,
          .message = "'" + printable(shown_) +
                     "' is not a sound archive: " + printable(text(archive_error_string(reader_.get()))),
          .fix = "fetch or make the archive again"};
}

Result<bool> TarReader::next(TarMember& member) {
  if (!open_) {
    open_ = true;
    if (archive_read_open(reader_.get(), this, nullptr, &TarReader::supply, nullptr) != ARCHIVE_OK) {
      return tl::unexpected(failure());
    }
  }
  archive_entry* entry = nullptr;
  const int status = archive_read_next_header(reader_.get(), &entry);
  if (status == ARCHIVE_EOF) {
    if (auto verified = verify_rest(); !verified) return tl::unexpected(std::move(verified).error());
    return false;
  }
  // A warning: the name is not in the character set that the archive says.
  if (status != ARCHIVE_OK && status != ARCHIVE_WARN) return tl::unexpected(failure());
  member.path = text(archive_entry_pathname(entry));
  member.kind = kind_of(entry);
  member.target =
      text(member.kind == MemberKind::hard_link ? archive_entry_hardlink(entry) : archive_entry_symlink(entry));
  member.mode = archive_entry_perm(entry);
  const la_int64_t size = archive_entry_size(entry);
  if (size < 0) return tl::unexpected(failure());
  member.size = static_cast<std::uint64_t>(size);
  member.modified_seconds = archive_entry_mtime(entry);
  return true;
}

Result<void> TarReader::extract(const TarMember& member, int fd) {
  for (;;) {
    const void* bytes = nullptr;
    std::size_t size = 0;
    la_int64_t offset = 0;
    const int status = archive_read_data_block(reader_.get(), &bytes, &size, &offset);
    if (status == ARCHIVE_EOF) break;
    if (status != ARCHIVE_OK) return tl::unexpected(failure());
    if (offset < 0 || static_cast<std::uint64_t>(offset) + size > member.size) return tl::unexpected(failure());
    if (auto written = write_at(fd, static_cast<const char*>(bytes), size, offset, member.path); !written)
      return written;
  }
  // A hole at the end.
  if (::ftruncate(fd, static_cast<off_t>(member.size)) == 0) return {};
  return tl::unexpected(system_error("cannot extract '" + printable(member.path) + "'", errno));
}

Result<void> TarReader::verify_rest() {
  for (;;) {
    const auto rest = piece();
    if (!rest) return tl::unexpected(rest.error());
    if (rest->empty()) return {};
  }
}

}  // namespace smflow::storage
