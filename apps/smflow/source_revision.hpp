#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <smflow/base/clock.hpp>

namespace smflow::cli {

// What git says of a folder that an image is built from, and of those of its paths that go into the build.
struct SourceRevision {
  std::string commit;                     // empty where there is no git
  WallTime committed = {};                // when
  bool dirty = false;                     // the commit alone does not make what is built from
  std::vector<std::string> ignored = {};  // of the paths, by git
};
SourceRevision source_revision(const std::filesystem::path& folder, const std::vector<std::string>& paths);

}  // namespace smflow::cli
