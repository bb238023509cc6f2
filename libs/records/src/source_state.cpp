#include "git.hpp"

#include <algorithm>

#include <smflow/base/files.hpp>
#include <smflow/base/text.hpp>
#include <smflow/records/source_state.hpp>

namespace smflow::records {

namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t largest_untracked = 1u << 20;
constexpr std::size_t most_untracked = 200;

bool is_below(const fs::path& path, const fs::path& folder) {
  if (folder.empty()) return false;
  const auto [at, end] = std::mismatch(folder.begin(), folder.end(), path.begin(), path.end());
  return at == folder.end();
}

// Small files that git does not ignore; whether that is all of them.
bool small_untracked(const PrivateGit& git, const fs::path& leave_out, std::vector<std::string>& files) {
  const fs::path& top = git.folder();
  const auto listed = git({"ls-files", "--others", "--exclude-standard", "-z"});
  if (!listed) return false;
  bool all = true;
  for (const std::string& name : split(*listed, '\0')) {
    if (name.empty() || is_below(top / name, leave_out)) continue;
    std::error_code failed;
    const bool fits = fs::is_regular_file(top / name, failed) && fs::file_size(top / name, failed) <= largest_untracked;
    if (!fits || files.size() == most_untracked) {
      all = false;
      continue;
    }
    files.push_back(name);
  }
  return all;
}

// Works on a copy of the index, which knows the times of unchanged files.
class Snapshot {
 public:
  Snapshot(const Git& git, const fs::path& git_folder) : git_(git) {
    std::error_code failed;
    if (git_.has_room()) fs::copy_file(git_folder / "index", git_.index(), failed);
  }

  void take(const fs::path& leave_out, SourceSnapshot& into) {
    if (!git_.has_room()) return omit(into, "no-space");
    std::vector<std::string> untracked;
    const bool all = small_untracked(git_, leave_out, untracked);
    std::vector<std::string> add = {"add", "-f", "--"};
    add.insert(add.end(), untracked.begin(), untracked.end());
    if (!git_({"add", "-u"}) || (!untracked.empty() && !git_(add))) return omit(into, "git");
    into.state.tree = first_line(git_({"write-tree"}));
    auto patch = git_(
        {"diff", "--binary", "--full-index", "--no-ext-diff", "--no-textconv", "--no-color", "HEAD", into.state.tree});
    if (into.state.tree.empty() || !patch) return omit(into, "too-large");
    into.patch = *std::move(patch);
    into.state.dirty = !into.patch.empty();
    if (!into.patch.empty()) into.state.patch = "source.patch";
    if (!all) into.state.patch_omitted = "some-untracked";
  }

 private:
  static void omit(SourceSnapshot& into, const char* why) {
    into.state.dirty = true;
    into.state.patch_omitted = why;
  }

  PrivateGit git_;
};

}  // namespace

SourceSnapshot read_source(const fs::path& folder, const fs::path& leave_out) {
  const Git git(folder);
  const auto known = git({"rev-parse", "--show-toplevel", "--absolute-git-dir", "HEAD", "--abbrev-ref", "HEAD"});
  if (!known) return {};
  const std::vector<std::string> lines = split(*known, '\n');
  if (lines.size() < 4) return {};
  SourceSnapshot snapshot{.state = {.commit = lines[2],
                                    .branch = lines[3] == "HEAD" ? "" : lines[3],
                                    .remote = without_credentials(first_line(git({"remote", "get-url", "origin"})))}};
  const auto status = git({"status", "--porcelain"});
  if (status && status->empty()) return snapshot;
  Snapshot(Git(lines[0]), lines[1]).take(leave_out, snapshot);
  return snapshot;
}

std::string without_credentials(const std::string& url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string::npos) return url;
  const std::size_t begin = scheme + 3;
  const std::size_t at = url.substr(0, url.find('/', begin)).rfind('@');
  if (at == std::string::npos || at < begin) return url;
  return url.substr(0, begin) + url.substr(at + 1);
}

}  // namespace smflow::records
