#include "tar_writer.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <new>

#include <archive.h>
#include <archive_entry.h>
#include <unistd.h>

#include <smflow/base/text.hpp>

namespace smflow::storage {

namespace {

Error changed_meanwhile(const std::string& shown) {
  return {.code = "E162",
          .exit = ExitCode::conflict,
          .message = "'" + printable(shown) + "' changed while it was read",
          .fix = "let every program that writes to the folder end first"};
}

struct FreeEntry {
  void operator()(archive_entry* entry) const { archive_entry_free(entry); }
};

}  // namespace

void TarWriter::Release::operator()(struct archive* writer) const {
  archive_write_free(writer);
}

TarWriter::TarWriter(ParallelGzip& gzip) : gzip_(gzip), writer_(archive_write_new()) {
  if (!writer_) throw std::bad_alloc();
  // "Restricted": plain ustar headers wherever they can say it all.
  archive_write_set_format_pax_restricted(writer_.get());
  archive_write_set_bytes_per_block(writer_.get(), 0);
  archive_write_open(writer_.get(), this, nullptr, &TarWriter::forward, nullptr);
}

TarWriter::~TarWriter() {
  // Closing would write the end of an archive that is given up. Freeing alone does not close a writer that has failed,
  // which then leaks.
  given_up_ = true;
  archive_write_close(writer_.get());
}

ssize_t TarWriter::forward(struct archive* writer, void* self, const void* bytes, std::size_t size) {
  auto* const tar = static_cast<TarWriter*>(self);
  if (tar->given_up_) return -1;
  tar->sink_status_ = tar->gzip_.write({static_cast<const char*>(bytes), size});
  if (tar->sink_status_) return static_cast<ssize_t>(size);
  archive_set_error(writer, EIO, "the output cannot be written");
  return -1;
}

Result<void> TarWriter::failure(const std::string& what) {
  if (!sink_status_) return sink_status_;
  const char* const text = archive_error_string(writer_.get());
  return tl::unexpected(Error{.code = "E164",
                              .exit = ExitCode::machine,
                              .message = "cannot put '" + printable(what) +
                                         "' into the archive: " + printable(text == nullptr ? "unknown reason" : text),
                              .fix = "rename the file, or write it elsewhere"});
}

Result<void> TarWriter::header(const std::string& path, const struct stat& status, const std::string& link_target) {
  const std::unique_ptr<archive_entry, FreeEntry> entry(archive_entry_new());
  if (!entry) throw std::bad_alloc();
  archive_entry_copy_pathname(entry.get(), path.c_str());
  archive_entry_set_filetype(entry.get(), status.st_mode & S_IFMT);
  archive_entry_set_perm(entry.get(), status.st_mode & 0777);
  archive_entry_set_uid(entry.get(), 0);
  archive_entry_set_gid(entry.get(), 0);
  archive_entry_set_mtime(entry.get(), status.st_mtim.tv_sec, 0);
  archive_entry_set_size(entry.get(), S_ISREG(status.st_mode) ? status.st_size : 0);
  if (!link_target.empty()) archive_entry_copy_symlink(entry.get(), link_target.c_str());
  // A warning: the name is not UTF-8 and is stored as the bytes it has.
  const int done = archive_write_header(writer_.get(), entry.get());
  return done == ARCHIVE_OK || done == ARCHIVE_WARN ? Result<void>{} : failure(path);
}

Result<void> TarWriter::add_folder(const std::string& path, const struct stat& status) {
  return header(path, status, "");
}

Result<void> TarWriter::add_link(const std::string& path, const std::string& target, const struct stat& status) {
  return header(path, status, target);
}

Result<void> TarWriter::add_file(const std::string& path, int fd, const struct stat& status, const std::string& shown) {
  if (auto begun = header(path, status, ""); !begun) return begun;
  std::array<char, 64 * 1024> buffer;
  for (auto left = static_cast<std::uint64_t>(status.st_size); left > 0;) {
    const ssize_t got = ::read(fd, buffer.data(), std::min<std::uint64_t>(left, buffer.size()));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return tl::unexpected(system_error("cannot read '" + printable(shown) + "'", errno));
    if (got == 0) return tl::unexpected(changed_meanwhile(shown));
    if (archive_write_data(writer_.get(), buffer.data(), static_cast<std::size_t>(got)) != got) return failure(path);
    left -= static_cast<std::uint64_t>(got);
  }
  struct stat now {};
  const bool same = ::fstat(fd, &now) == 0 && now.st_size == status.st_size &&
                    now.st_mtim.tv_sec == status.st_mtim.tv_sec && now.st_mtim.tv_nsec == status.st_mtim.tv_nsec;
  return same ? Result<void>{} : tl::unexpected(changed_meanwhile(shown));
}

Result<void> TarWriter::finish() {
  return archive_write_close(writer_.get()) == ARCHIVE_OK ? Result<void>{} : failure("the end");
}

}  // namespace smflow::storage
