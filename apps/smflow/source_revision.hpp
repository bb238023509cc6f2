#pragma once

#include <filesystem>
#include <string>

#include <smflow/base/clock.hpp>

namespace smflow::cli {

// What git says of a folder that an image is built from.
struct SourceRevision {
  std::string commit;       // empty where there is no git
  WallTime committed = {};  // when
  bool dirty = false;       // the folder has other files than the commit, but for those that git ignores
};
SourceRevision source_revision(const std::filesystem::path& folder);

}  // namespace smflow::cli
