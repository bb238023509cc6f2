#include <algorithm>

#include <smflow/base/files.hpp>
#include <smflow/base/process.hpp>
#include <smflow/base/text.hpp>
#include <smflow/records/source_state.hpp>

namespace smflow::records {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t largest_patch = 10u << 20;
constexpr std::uintmax_t largest_untracked = 1u << 20;
constexpr std::size_t most_untracked = 200;

class Git {
 public:
  explicit Git(fs::path folder) : folder_(std::move(folder)) {}

  // None when git fails, or prints more than a patch may have.
  std::optional<std::string> operator()(std::vector<std::string> arguments) const {
    constexpr ProcessLimits limits{.time = std::chrono::seconds(20), .bytes = largest_patch};
    std::vector<std::string> command = {"env", "GIT_OPTIONAL_LOCKS=0"};
    command.insert(command.end(), environment.begin(), environment.end());
    command.insert(command.end(), {"git", "-C", folder_.string()});
    std::ranges::move(arguments, std::back_inserter(command));
    auto output = run_process(command, limits);
    if (!output || output->exit_code != 0) return std::nullopt;
    return std::move(output->out);
  }

  std::vector<std::string> environment;

 private:
  fs::path folder_;
};

std::string first_line(const std::optional<std::string>& text) {
  return text ? text->substr(0, text->find('\n')) : std::string();
}

bool is_below(const fs::path& path, const fs::path& folder) {
  if (folder.empty()) return false;
  const auto [at, end] = std::mismatch(folder.begin(), folder.end(), path.begin(), path.end());
  return at == folder.end();
}

// Small files that git does not ignore; whether that is all of them.
bool small_untracked(const Git& git, const fs::path& top, const fs::path& leave_out, std::vector<std::string>& files) {
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

// Works on a copy of the index, which knows the times of unchanged files, and writes objects to a folder of its own.
class Snapshot {
 public:
  Snapshot(Git git, fs::path top, const fs::path& git_folder) : git_(std::move(git)), top_(std::move(top)) {
    auto made = TemporaryDirectory::create(fs::temp_directory_path(), "smflow-source-");
    if (!made) return;
    scratch_.emplace(*std::move(made));
    const fs::path index = scratch_->path() / "index";
    std::error_code failed;
    fs::create_directory(scratch_->path() / "objects", failed);
    fs::copy_file(git_folder / "index", index, failed);
    const std::string objects = first_line(git_({"rev-parse", "--git-path", "objects"}));
    git_.environment = {"GIT_INDEX_FILE=" + index.string(),
                        "GIT_OBJECT_DIRECTORY=" + (scratch_->path() / "objects").string(),
                        "GIT_ALTERNATE_OBJECT_DIRECTORIES=" + (top_ / objects).string()};
  }

  void take(const fs::path& leave_out, SourceSnapshot& into) {
    if (!scratch_) return omit(into, "no-space");
    std::vector<std::string> untracked;
    const bool all = small_untracked(git_, top_, leave_out, untracked);
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

  Git git_;
  fs::path top_;
  std::optional<TemporaryDirectory> scratch_;
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
  Snapshot(Git(lines[0]), lines[0], lines[1]).take(leave_out, snapshot);
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
