#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace smflow::runtime {

// stdout of a short helper program (gdb, nvidia-smi), at most `limit` bytes of it; its stderr is dropped. Nothing when
// it cannot be started, exits with another code than 0, or is not done within `timeout`: it is then killed with its
// process group.
std::optional<std::string> capture(const std::vector<std::string>& command, std::chrono::milliseconds timeout,
                                   std::size_t limit = 1u << 20);

// Absolute path of a program found in PATH, empty when there is none.
std::string find_program(const std::string& name);

}  // namespace smflow::runtime
