#include "project_folder.hpp"

namespace smflow::cli {

namespace fs = std::filesystem;

fs::path project_folder() {
  const fs::path here = fs::current_path();
  for (fs::path folder = here; folder.has_relative_path(); folder = folder.parent_path()) {
    if (fs::exists(folder / ".git")) return folder;
  }
  return here;
}

}  // namespace smflow::cli
