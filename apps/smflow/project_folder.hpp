#pragma once

#include <filesystem>

namespace smflow::cli {

// The folder whose sources a debugger shows: the repository that we are in, else the current folder.
std::filesystem::path project_folder();

}  // namespace smflow::cli
