#include "git.hpp"

#include <smflow/base/text.hpp>
#include <smflow/records/source_diff.hpp>

namespace smflow::records {

namespace {

Error cannot_compare(const Run& run, const std::string& why, const std::string& fix) {
  return {.code = "E378",
          .exit = ExitCode::not_found,
          .message = "the code of run '" + run.name + "' cannot be made here: " + why,
          .fix = fix};
}

// git's name of the tree that the run was started beside.
Result<std::string> tree_of(storage::Store& bucket, const Run& run, const PrivateGit& git) {
  const SourceState& source = run.source;
  const auto fail = [&](const std::string& why, const std::string& fix) {
    return tl::unexpected(cannot_compare(run, why, fix));
  };
  if (source.commit.empty()) return fail("its record names no commit", "start runs in a git repository");
  const std::string commit = source.commit + "^{commit}";
  if (!git({"rev-parse", "--verify", "--quiet", "--end-of-options", commit})) {
    return fail("commit " + source.commit + " is not in the repository of this folder",
                "call it in a clone of " + (source.remote.empty() ? "that repository" : source.remote) +
                    " that has the commit: git fetch");
  }
  if (!source.dirty) return source.commit + "^{tree}";
  if (source.patch.empty() || source.patch_omitted == "secrets") {
    return fail("its changes are not recorded whole: " + source.patch_omitted, "smflow runs show tells what is");
  }
  const auto patch = bucket.get(run.record_key + "/" + source.patch);
  if (!patch) return tl::unexpected(patch.error());
  const auto file = git.file("patch", *patch);
  const bool applied = file && git({"read-tree", source.commit}) && git({"apply", "--cached", file->string()});
  const std::string tree = applied ? first_line(git({"write-tree"})) : std::string();
  if (tree.empty()) return fail("its changes do not fit its commit", "somebody has changed " + run.record_uri);
  return tree;
}

}  // namespace

Result<std::string> source_diff(storage::Store& bucket, const Run& before, const Run& after,
                                const std::filesystem::path& folder) {
  const std::string top = first_line(Git(folder)({"rev-parse", "--show-toplevel"}));
  if (top.empty()) {
    return tl::unexpected(
        cannot_compare(before, "this folder is in no git repository", "call it in a clone of " + before.source.remote));
  }
  const PrivateGit git{Git(top)};
  if (!git.has_room()) return tl::unexpected(cannot_compare(before, "there is no place for temporary files", ""));
  const auto one = tree_of(bucket, before, git);
  if (!one) return one;
  const auto other = tree_of(bucket, after, git);
  if (!other) return other;
  auto diff = git({"diff", "--no-ext-diff", "--no-textconv", "--no-color", *one, *other});
  if (!diff) return tl::unexpected(cannot_compare(after, "git cannot compare it, or the diff is over 10 MiB", ""));
  return *std::move(diff);
}

std::string patch_summary(std::string_view patch) {
  std::size_t files = 0;
  std::size_t added = 0;
  std::size_t removed = 0;
  bool in_head = true;
  for (const std::string& line : split(patch, '\n')) {
    if (line.starts_with("diff --git ")) {
      ++files;
      in_head = true;
    } else if (line.starts_with("@@")) {
      in_head = false;
    } else if (!in_head) {
      added += line.starts_with('+') ? 1 : 0;
      removed += line.starts_with('-') ? 1 : 0;
    }
  }
  return counted(files, "file") + ", +" + std::to_string(added) + " -" + std::to_string(removed);
}

}  // namespace smflow::records
