#pragma once

#include "inputs.hpp"

#include <string>
#include <vector>

#include <smflow/engine/hosts.hpp>
#include <smflow/engine/job_folder.hpp>

namespace smflow::engine {

// In a host's folder: what its program changes in /opt/ml/code, and the room that this needs (overlayfs's upperdir and
// workdir).
inline constexpr const char* code_changes = "code/changes";
inline constexpr const char* code_work = "code/work";

// The folder that stands as `path` (below /opt/ml) on the host with this folder.
std::filesystem::path on_this_machine(const std::filesystem::path& host_folder, const std::filesystem::path& path);

// Makes every host's /opt/ml with its folders and configuration files, all but resourceconfig.json, and the places
// where its inputs will be mounted; E110 when the disk refuses.
Result<void> make_host_folders(const JobOrder& order);

Result<void> write_text(const std::filesystem::path& file, const std::string& text);
Error cannot_prepare(const std::filesystem::path& path, int errno_value);

}  // namespace smflow::engine
