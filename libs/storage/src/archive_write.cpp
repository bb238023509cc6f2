#include "beneath.hpp"
#include "link_rule.hpp"
#include "tar_writer.hpp"

#include <cerrno>
#include <map>

#include <dirent.h>
#include <fcntl.h>

#include <smflow/base/files.hpp>
#include <smflow/base/text.hpp>
#include <smflow/storage/archive.hpp>

namespace smflow::storage {

namespace fs = std::filesystem;

namespace {

// Weights of a network shrink by a few per cent at any level; level 1 is by far the fastest (docs/benchmarks.md).
constexpr int compression_level = 1;

// One source's folder at the place of the tree that is being written.
struct Place {
  const ArchiveSource* source;
  UniqueFd folder;
};

// One source's member of a name.
struct Found {
  const Place* place;
  struct stat status;
};

using Names = std::map<std::string, std::vector<const Place*>>;

class MergedTree {
 public:
  explicit MergedTree(TarWriter& tar) : tar_(tar) {}

  // Writes what the places hold, sorted by name.
  Result<void> add_content(const std::vector<Place>& places, const std::string& prefix, std::size_t depth) {
    Names names;
    for (const Place& place : places) {
      if (auto listed = list(place, prefix, names); !listed) return listed;
    }
    for (const auto& [name, holders] : names) {
      const std::string path = prefix.empty() ? name : prefix + "/" + name;
      if (depth > deepest_member || path.size() > longest_member_path) return tl::unexpected(too_deep(path));
      if (auto added = add_member(name, path, holders, depth); !added) return added;
    }
    return {};
  }

  ArchiveReport report;

 private:
  static std::string shown(const ArchiveSource& source, const std::string& path) {
    return (source.folder / path).string();
  }

  static Error too_deep(const std::string& path) {
    return {.code = "E163",
            .exit = ExitCode::conflict,
            .message = "'" + printable(path.substr(0, 200)) + "...' is nested too deep for an archive: at most " +
                       std::to_string(deepest_member) + " folders and " + std::to_string(longest_member_path) +
                       " bytes",
            .fix = "let the program write fewer folders into each other"};
  }

  static Error conflict(const std::string& path, const Found& one, const Found& two) {
    const std::string& first = one.place->source->label;
    const std::string& second = two.place->source->label;
    return {.code = "E160",
            .exit = ExitCode::conflict,
            .message = "'" + printable(path) + "' was written by both " + first + " and " + second,
            .fix = "let only one host write it, or put the host's name into the file's name"};
  }

  static Error leaving_link(const std::string& path, const std::string& label, const std::string& target) {
    return {.code = "E161",
            .exit = ExitCode::conflict,
            .message = "the symbolic link '" + printable(path) + "' of " + label + " points to '" + printable(target) +
                       "', which is not inside the archived folder",
            .fix = "copy the file instead, or link to a relative path inside the folder"};
  }

  static Result<void> list(const Place& place, const std::string& prefix, Names& names) {
    const auto failed = [&] {
      return tl::unexpected(system_error("cannot list '" + printable(shown(*place.source, prefix)) + "'", errno));
    };
    UniqueFd again(::openat(place.folder.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!again) return failed();
    const std::unique_ptr<DIR, int (*)(DIR*)> open(::fdopendir(again.get()), ::closedir);
    if (!open) return failed();
    again.release();
    for (;;) {
      errno = 0;
      const dirent* const entry = ::readdir(open.get());
      if (entry == nullptr) return errno == 0 ? Result<void>{} : failed();
      const std::string name = entry->d_name;
      if (name != "." && name != "..") names[name].push_back(&place);
    }
  }

  Result<void> add_member(const std::string& name, const std::string& path, const std::vector<const Place*>& holders,
                          std::size_t depth) {
    std::vector<Found> found;
    bool folders = true;
    for (const Place* place : holders) {
      struct stat status {};
      if (::fstatat(place->folder.get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
        return tl::unexpected(system_error("cannot read '" + printable(shown(*place->source, path)) + "'", errno));
      }
      const mode_t mode = status.st_mode;
      if (!S_ISDIR(mode) && !S_ISREG(mode) && !S_ISLNK(mode)) {
        report.left_out.push_back(path + " (" + place->source->label + ")");
        continue;
      }
      folders = folders && S_ISDIR(mode);
      found.push_back({place, status});
    }
    if (found.empty()) return {};
    if (!folders && found.size() > 1) return tl::unexpected(conflict(path, found[0], found[1]));
    ++report.entries;
    if (folders) return add_folders(name, path, found, depth);
    return S_ISLNK(found[0].status.st_mode) ? add_link(name, path, found[0], depth) : add_file(name, path, found[0]);
  }

  Result<void> add_folders(const std::string& name, const std::string& path, const std::vector<Found>& found,
                           std::size_t depth) {
    std::vector<Place> inner;
    for (const Found& one : found) {
      UniqueFd fd(::openat(one.place->folder.get(), name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
      if (!fd) {
        return tl::unexpected(system_error("cannot list '" + printable(shown(*one.place->source, path)) + "'", errno));
      }
      inner.push_back({one.place->source, std::move(fd)});
    }
    if (auto added = tar_.add_folder(path, found[0].status); !added) return added;
    return add_content(inner, path, depth + 1);
  }

  Result<void> add_file(const std::string& name, const std::string& path, const Found& found) {
    const std::string full = shown(*found.place->source, path);
    const UniqueFd fd(
        ::openat(found.place->folder.get(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    struct stat status {};
    if (!fd || ::fstat(fd.get(), &status) != 0) {
      return tl::unexpected(system_error("cannot read '" + printable(full) + "'", errno));
    }
    if (!S_ISREG(status.st_mode)) {
      return tl::unexpected(system_error("cannot read '" + printable(full) + "'", EINVAL));
    }
    report.bytes += static_cast<std::uint64_t>(status.st_size);
    return tar_.add_file(path, fd.get(), status, full);
  }

  Result<void> add_link(const std::string& name, const std::string& path, const Found& found, std::size_t depth) {
    const ArchiveSource& source = *found.place->source;
    const std::string target = read_link(found.place->folder.get(), name);
    const std::string kept = inside_target(source, target, depth);
    if (!link_stays_inside(depth, kept)) return tl::unexpected(leaving_link(path, source.label, target));
    return tar_.add_link(path, kept, found.status);
  }

  // An absolute target below the place where the job saw the folder, made relative to the link.
  static std::string inside_target(const ArchiveSource& source, const std::string& target, std::size_t depth) {
    const std::string base = source.seen_as.string() + "/";
    if (source.seen_as.empty() || !(target + "/").starts_with(base)) return target;
    std::string relative;
    for (std::size_t i = 0; i < depth; ++i) relative += "../";
    relative += target.substr(std::min(base.size(), target.size()));
    return relative.empty() ? "." : relative;
  }

  TarWriter& tar_;
};

Result<std::vector<Place>> open_sources(const std::vector<ArchiveSource>& sources) {
  std::vector<Place> places;
  for (const ArchiveSource& source : sources) {
    UniqueFd fd(::open(source.folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd && errno == ENOENT) continue;
    if (!fd) return tl::unexpected(system_error("cannot list '" + source.folder.string() + "'", errno));
    places.push_back({&source, std::move(fd)});
  }
  return places;
}

}  // namespace

Result<ArchiveReport> write_archive(const std::vector<ArchiveSource>& sources, const fs::path& out, int threads) {
  const auto places = open_sources(sources);
  if (!places) return tl::unexpected(places.error());
  auto file = AtomicFile::create(out);
  if (!file) return tl::unexpected(std::move(file).error());
  ParallelGzip gzip([&](std::string_view bytes) { return file->write(bytes); }, threads, compression_level);
  TarWriter tar(gzip);
  MergedTree tree(tar);
  Result<void> done = tree.add_content(*places, "", 0);
  if (done) done = tar.finish();
  if (done) done = gzip.finish();
  if (done) done = file->commit();
  if (!done) return tl::unexpected(std::move(done).error());
  return std::move(tree.report);
}

}  // namespace smflow::storage
