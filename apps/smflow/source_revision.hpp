#pragma once

#include <string>

namespace smflow::cli {

// What git says of the folder that the command runs in.
struct SourceRevision {
  std::string commit;  // empty where there is no git
  bool dirty = false;  // tracked files differ from the commit

  // "1f3c..." or "1f3c...-dirty".
  std::string text() const { return commit + (dirty ? "-dirty" : ""); }
};
SourceRevision source_revision();

}  // namespace smflow::cli
