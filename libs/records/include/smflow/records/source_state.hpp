#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <smflow/records/run.hpp>

namespace smflow::records {

// What git says of a folder, and how the files differ from its commit.
struct SourceSnapshot {
  SourceState state = {};
  // `git apply --index` on the commit gives `state.tree`; empty: clean, or left out. It may hold secrets.
  std::string patch = {};
};

// Neither the index nor the objects of the repository are touched. Files of `leave_out`, if it is inside, are not
// looked at. No git, no repository or no commit is an empty snapshot.
SourceSnapshot read_source(const std::filesystem::path& folder, const std::filesystem::path& leave_out = {});

// The URL of a remote without user name and password.
std::string without_credentials(const std::string& url);

}  // namespace smflow::records
