#pragma once

#include <filesystem>
#include <string>

#include <smflow/records/run.hpp>

namespace smflow::records {

// How the code of two runs differs, as `git diff` says it: from their commits and the changes that their records hold.
// Both commits have to be in the repository of `folder`, of which nothing is touched. Empty: equal code. E378: one of
// the runs names no commit, a commit is not there, or the changes are not complete.
Result<std::string> source_diff(storage::Store& bucket, const Run& before, const Run& after,
                                const std::filesystem::path& folder);

// "3 files, +41 -7" of a patch as git writes it.
std::string patch_summary(std::string_view patch);

}  // namespace smflow::records
