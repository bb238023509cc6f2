#include "extraction.hpp"
#include "tar_reader.hpp"

#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>

#include <smflow/base/files.hpp>
#include <smflow/base/text.hpp>
#include <smflow/storage/archive.hpp>

namespace smflow::storage {

namespace fs = std::filesystem;

namespace {

// Of the tar format itself, per member: headers, padding, long names.
constexpr std::uint64_t overhead_per_entry = 16u << 10;

Error beyond_limits(const fs::path& archive, const std::string& what) {
  return {.code = "E168",
          .exit = ExitCode::configuration,
          .message = "'" + printable(archive.string()) + "' holds more than " + what,
          .fix = "do not use this archive unless you know who made it; nothing of it was kept"};
}

Error in_the_way(const fs::path& folder) {
  return {.code = "E142",
          .exit = ExitCode::conflict,
          .message = "'" + folder.string() + "' exists already and is never overwritten",
          .fix = "choose another folder, or remove it"};
}

class Unpacking {
 public:
  Unpacking(const fs::path& archive, const MemberSelector& select, const ArchiveLimits& limits, UniqueFd root)
      : archive_(archive), select_(select), limits_(limits), tree_(std::move(root)) {}

  Result<ArchiveReport> run(TarReader& tar) {
    TarMember member;
    for (;;) {
      const auto more = tar.next(member);
      if (!more) return tl::unexpected(more.error());
      if (!*more) break;
      if (auto done = add(tar, member); !done) return tl::unexpected(std::move(done).error());
    }
    if (auto done = tree_.finish(); !done) return tl::unexpected(std::move(done).error());
    return report_;
  }

 private:
  Result<void> add(TarReader& tar, const TarMember& member) {
    if (++seen_ > limits_.entries) {
      return tl::unexpected(beyond_limits(archive_, counted(limits_.entries, "member")));
    }
    if (member.kind == MemberKind::file && member.size > limits_.bytes - bytes_) {
      return tl::unexpected(beyond_limits(archive_, std::to_string(limits_.bytes) + " bytes"));
    }
    bytes_ += member.kind == MemberKind::file ? member.size : 0;
    const auto path = member_path(member.path);
    if (!path) return tl::unexpected(path.error());
    if (path->empty() && member.kind == MemberKind::folder) return {};
    if (member.kind == MemberKind::special && limits_.as_left && !path->empty()) {
      report_.left_out.push_back(*path);
      return {};
    }
    if (member.kind == MemberKind::special || path->empty()) return tl::unexpected(special(member));
    if (select_ && !select_(*path)) return {};
    ++report_.entries;
    return place(tar, member, *path);
  }

  Result<void> place(TarReader& tar, const TarMember& member, const std::string& path) {
    switch (member.kind) {
      case MemberKind::folder:
        return tree_.add_folder(path, member.mode, member.modified_seconds);
      case MemberKind::link:
        return tree_.add_link(path, member.target, member.modified_seconds, limits_.as_left);
      case MemberKind::hard_link: {
        const auto target = member_path(member.target);
        return target ? tree_.add_hard_link(path, *target) : tl::unexpected(target.error());
      }
      default:
        return place_file(tar, member, path);
    }
  }

  Result<void> place_file(TarReader& tar, const TarMember& member, const std::string& path) {
    const auto file = tree_.create_file(path, member.mode);
    if (!file) return tl::unexpected(file.error());
    if (auto extracted = tar.extract(member, file->get()); !extracted) return extracted;
    report_.bytes += member.size;
    const timespec times[2] = {{.tv_sec = 0, .tv_nsec = UTIME_OMIT}, {.tv_sec = member.modified_seconds, .tv_nsec = 0}};
    ::futimens(file->get(), times);  // a time that the file system cannot hold is no reason to fail
    return {};
  }

  static Error special(const TarMember& member) {
    return {
        .code = "E167",
        .exit = ExitCode::configuration,
        .message = "the member '" + printable(member.path) + "' of the archive is neither a file, a folder nor a link",
        .fix = "do not use this archive unless you know who made it; nothing of it was kept"};
  }

  const fs::path& archive_;
  const MemberSelector& select_;
  const ArchiveLimits& limits_;
  Extraction tree_;
  ArchiveReport report_;
  std::uint64_t seen_ = 0;
  std::uint64_t bytes_ = 0;
};

Result<UniqueFd> open_archive(const fs::path& archive) {
  const std::string what = "cannot read '" + archive.string() + "'";
  UniqueFd file(::open(archive.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  struct stat status {};
  if (!file || ::fstat(file.get(), &status) != 0) return tl::unexpected(system_error(what, errno));
  if (S_ISREG(status.st_mode)) return file;
  return tl::unexpected(Error{.code = "E901", .exit = ExitCode::machine, .message = what + ": not a regular file"});
}

bool is_free(const fs::path& folder) {
  std::error_code failed;
  const auto status = fs::symlink_status(folder, failed);
  return !fs::exists(status) || (fs::is_directory(status) && fs::is_empty(folder, failed));
}

Result<void> move_into_place(const fs::path& made, const fs::path& folder) {
  if (::rename(made.c_str(), folder.c_str()) == 0) return {};
  if (errno == ENOTEMPTY || errno == EEXIST || errno == ENOTDIR) return tl::unexpected(in_the_way(folder));
  return tl::unexpected(system_error("cannot make the folder '" + folder.string() + "'", errno));
}

}  // namespace

Result<ArchiveReport> extract_archive(const fs::path& archive, const fs::path& folder, const ArchiveLimits& limits) {
  return read_archive(archive, {}, folder, limits);
}

Result<ArchiveReport> read_archive(const fs::path& archive, const MemberSelector& select, const fs::path& folder,
                                   const ArchiveLimits& limits) {
  auto file = open_archive(archive);
  if (!file) return tl::unexpected(std::move(file).error());
  std::string target_name = fs::absolute(folder).lexically_normal().string();
  if (target_name.size() > 1 && target_name.ends_with('/')) target_name.pop_back();
  const fs::path target = target_name;
  if (!is_free(target)) return tl::unexpected(in_the_way(target));
  const auto work = TemporaryDirectory::create(target.parent_path(), target.filename().string() + ".tmp-");
  if (!work) return tl::unexpected(work.error());
  const fs::path content = work->path() / "content";
  UniqueFd root;
  if (::mkdir(content.c_str(), 0777) == 0) root.reset(::open(content.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!root) return tl::unexpected(system_error("cannot make the folder '" + content.string() + "'", errno));
  GzipReader bytes(*std::move(file), archive.string());
  TarReader tar(bytes, archive.string(), limits.bytes + limits.entries * overhead_per_entry, limits.stop);
  Unpacking unpacking(archive, select, limits, std::move(root));
  auto report = unpacking.run(tar);
  if (!report) return report;
  if (auto moved = move_into_place(content, target); !moved) return tl::unexpected(std::move(moved).error());
  return report;
}

}  // namespace smflow::storage
