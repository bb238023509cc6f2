#include "beneath.hpp"
#include "link_rule.hpp"
#include "regular_files.hpp"

#include <algorithm>
#include <cerrno>
#include <memory>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <smflow/base/text.hpp>
#include <smflow/storage/tar_stream.hpp>

namespace smflow::storage {

// Lists what is wanted of a folder, in the order of the tar.
class TarStream::Lister {
 public:
  Lister(TarStream& stream, const TarSelection& selection) : stream_(stream), selection_(selection) {}

  Result<void> content(int folder, const std::string& prefix, std::size_t depth) {
    auto names = names_in(folder, prefix);
    if (!names) return tl::unexpected(names.error());
    for (const std::string& name : *names) {
      const std::string path = prefix.empty() ? name : prefix + "/" + name;
      if (depth > deepest_member || path.size() > longest_member_path) return tl::unexpected(too_deep(path));
      if (auto done = member(folder, name, path, depth); !done) return done;
    }
    return {};
  }

 private:
  Error failed(const char* what, const std::string& path) const {
    return system_error(std::string(what) + " '" + printable((stream_.folder_ / path).string()) + "'", errno);
  }

  static Error too_deep(const std::string& path) {
    return {.code = "E163",
            .exit = ExitCode::conflict,
            .message = "'" + printable(path.substr(0, 200)) + "...' is nested too deep for an archive",
            .fix = "let the program write fewer folders into each other"};
  }

  Result<std::vector<std::string>> names_in(int folder, const std::string& prefix) const {
    UniqueFd again(::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!again) return tl::unexpected(failed("cannot list", prefix));
    const std::unique_ptr<DIR, int (*)(DIR*)> open(::fdopendir(again.get()), ::closedir);
    if (!open) return tl::unexpected(failed("cannot list", prefix));
    again.release();
    std::vector<std::string> names;
    for (errno = 0; const dirent* const entry = ::readdir(open.get()); errno = 0) {
      const std::string name = entry->d_name;
      if (name != "." && name != "..") names.push_back(name);
    }
    if (errno != 0) return tl::unexpected(failed("cannot list", prefix));
    std::ranges::sort(names);
    return names;
  }

  Result<void> member(int folder, const std::string& name, const std::string& path, std::size_t depth) {
    struct stat status {};
    if (::fstatat(folder, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
      return tl::unexpected(failed("cannot read", path));
    }
    if (S_ISDIR(status.st_mode)) return inner_folder(folder, name, path, depth);
    if (!selection_.wants(path)) return {};
    if (S_ISLNK(status.st_mode)) {
      stream_.members_.push_back(
          {.path = path, .kind = Kind::link, .executable = true, .target = read_link(folder, name)});
    } else if (S_ISREG(status.st_mode)) {
      stream_.members_.push_back({.path = path,
                                  .executable = (status.st_mode & 0111) != 0,
                                  .size = static_cast<std::uint64_t>(status.st_size),
                                  .time = modification_time(status),
                                  .shown_time = selection_.keep_times ? status.st_mtim.tv_sec : 0});
    } else {
      stream_.left_out_.push_back(path);
    }
    return {};
  }

  Result<void> inner_folder(int folder, const std::string& name, const std::string& path, std::size_t depth) {
    const bool wanted = selection_.wants(path);
    if (!wanted && !selection_.enters(path)) return {};
    const UniqueFd inner(::openat(folder, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!inner) return tl::unexpected(failed("cannot list", path));
    const std::size_t before = stream_.members_.size();
    stream_.members_.push_back({.path = path, .kind = Kind::folder, .executable = true});
    if (auto done = content(inner.get(), path, depth + 1); !done) return done;
    if (!wanted && stream_.members_.size() == before + 1) stream_.members_.pop_back();
    return {};
  }

  TarStream& stream_;
  const TarSelection& selection_;
};

Result<TarStream> TarStream::plan(const std::filesystem::path& folder, const TarSelection& selection) {
  TarStream stream;
  stream.folder_ = folder;
  stream.root_.reset(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!stream.root_) return tl::unexpected(system_error("cannot list '" + printable(folder.string()) + "'", errno));
  if (auto listed = Lister(stream, selection).content(stream.root_.get(), "", 0); !listed) {
    return tl::unexpected(std::move(listed).error());
  }
  if (auto placed = stream.place_members(); !placed) return tl::unexpected(std::move(placed).error());
  return stream;
}

}  // namespace smflow::storage
