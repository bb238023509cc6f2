#include "beneath.hpp"
#include "regular_files.hpp"
#include "utf8_locale.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <new>

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <smflow/base/text.hpp>
#include <smflow/storage/tar_stream.hpp>

namespace smflow::storage {

namespace {

constexpr std::uint64_t block = 512;
constexpr std::uint64_t end_of_archive = 2 * block;

std::uint64_t padded(std::uint64_t size) {
  return (size + block - 1) / block * block;
}

struct FreeArchive {
  void operator()(struct archive* writer) const {
    archive_write_close(writer);  // freeing alone does not close a writer that has failed, which then leaks
    archive_write_free(writer);
  }
};

struct FreeEntry {
  void operator()(archive_entry* entry) const { archive_entry_free(entry); }
};

// One member's header. Closing its writer would write the member's bytes, as zeros, and the end of an archive: both are
// refused.
struct Header {
  std::string bytes;
  bool complete = false;
};

ssize_t append_to(struct archive*, void* header, const void* bytes, std::size_t size) {
  auto& to = *static_cast<Header*>(header);
  if (to.complete) return -1;
  to.bytes.append(static_cast<const char*>(bytes), size);
  return static_cast<ssize_t>(size);
}

std::unique_ptr<struct archive, FreeArchive> header_writer(Header& out) {
  std::unique_ptr<struct archive, FreeArchive> writer(archive_write_new());
  if (!writer) throw std::bad_alloc();
  archive_write_set_format_pax_restricted(writer.get());
  archive_write_set_bytes_per_block(writer.get(), 0);
  archive_write_open(writer.get(), &out, nullptr, &append_to, nullptr);
  return writer;
}

}  // namespace

Result<std::string> TarStream::header_of(const Member& member) {
  const Utf8Locale locale;
  Header header;
  const auto writer = header_writer(header);
  const std::unique_ptr<archive_entry, FreeEntry> entry(archive_entry_new());
  if (!entry) throw std::bad_alloc();
  archive_entry_copy_pathname(entry.get(), member.path.c_str());
  archive_entry_set_filetype(entry.get(), member.kind == Kind::folder ? S_IFDIR
                                          : member.kind == Kind::link ? S_IFLNK
                                                                      : S_IFREG);
  archive_entry_set_perm(entry.get(), member.executable ? 0755 : 0644);
  archive_entry_set_mtime(entry.get(), member.shown_time, 0);
  archive_entry_set_size(entry.get(), static_cast<la_int64_t>(member.size));
  if (member.kind == Kind::link) archive_entry_copy_symlink(entry.get(), member.target.c_str());
  const int done = archive_write_header(writer.get(), entry.get());
  header.complete = true;
  // A warning: the name is not UTF-8 and is stored as the bytes it has.
  if (done == ARCHIVE_OK || done == ARCHIVE_WARN) return std::move(header.bytes);
  const char* const why = archive_error_string(writer.get());
  return tl::unexpected(Error{.code = "E164",
                              .exit = ExitCode::machine,
                              .message = "cannot put '" + printable(member.path) +
                                         "' into the archive: " + printable(why == nullptr ? "unknown reason" : why),
                              .fix = "rename the file, or write it elsewhere"});
}

std::vector<std::string> TarStream::paths() const {
  std::vector<std::string> paths;
  for (const Member& member : members_) paths.push_back(member.path);
  return paths;
}

Result<void> TarStream::place_members() {
  for (Member& member : members_) {
    const auto header = header_of(member);
    if (!header) return tl::unexpected(header.error());
    member.offset = size_;
    member.header_size = header->size();
    size_ += member.header_size + padded(member.size);
  }
  size_ += end_of_archive;
  return {};
}

Result<void> TarStream::read(std::uint64_t offset, std::span<std::byte> out) const {
  std::ranges::fill(out, std::byte{0});
  auto member = std::ranges::upper_bound(members_, offset, {}, &Member::offset);
  if (member != members_.begin()) --member;
  for (; member != members_.end() && member->offset < offset + out.size(); ++member) {
    const std::uint64_t begin = std::max(offset, member->offset);
    const std::uint64_t end =
        std::min(offset + out.size(), member->offset + member->header_size + padded(member->size));
    if (begin >= end) continue;
    auto done = read_member(*member, begin - member->offset, out.subspan(begin - offset, end - begin));
    if (!done) return done;
  }
  return {};
}

Result<void> TarStream::read_member(const Member& member, std::uint64_t at, std::span<std::byte> out) const {
  if (at < member.header_size) {
    const auto header = header_of(member);
    if (!header) return tl::unexpected(header.error());
    const std::size_t size = std::min<std::uint64_t>(out.size(), member.header_size - at);
    std::memcpy(out.data(), header->data() + at, size);
    out = out.subspan(size);
    at += size;
  }
  const std::uint64_t from = at - member.header_size;
  if (out.empty() || from >= member.size) return {};
  return read_content(member, from, out.first(std::min<std::uint64_t>(out.size(), member.size - from)));
}

Result<void> TarStream::read_content(const Member& member, std::uint64_t at, std::span<std::byte> out) const {
  if (opened_ != &member) {
    if (auto opened = open_member(member); !opened) return opened;
  }
  while (!out.empty()) {
    const ssize_t got = ::pread(open_.get(), out.data(), out.size(), static_cast<off_t>(at));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return tl::unexpected(system_error("cannot read '" + printable(member.path) + "'", errno));
    if (got == 0) return tl::unexpected(changed(member));
    out = out.subspan(static_cast<std::size_t>(got));
    at += static_cast<std::uint64_t>(got);
  }
  return {};
}

Result<void> TarStream::open_member(const Member& member) const {
  opened_ = nullptr;
  open_ = open_beneath(root_.get(), member.path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  struct stat status {};
  if (!open_ || ::fstat(open_.get(), &status) != 0) {
    return tl::unexpected(system_error("cannot read '" + printable((folder_ / member.path).string()) + "'", errno));
  }
  const bool same = S_ISREG(status.st_mode) && static_cast<std::uint64_t>(status.st_size) == member.size &&
                    modification_time(status) == member.time;
  if (!same) return tl::unexpected(changed(member));
  opened_ = &member;
  return {};
}

Error TarStream::changed(const Member& member) const {
  return {.code = "E162",
          .exit = ExitCode::conflict,
          .message = "'" + printable((folder_ / member.path).string()) + "' changed while it was read",
          .fix = "let every program that writes to the folder end first"};
}

}  // namespace smflow::storage
