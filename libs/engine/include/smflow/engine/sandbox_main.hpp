#pragma once

#include <optional>

namespace smflow::engine {

// The engine runs a job's processes under a copy of the running program, which must call this first thing in `main` and
// leave with the result when there is one. Does nothing else when the program was started by a person.
std::optional<int> run_if_sandbox(int argc, char** argv);

// When the process is root through sudo, it becomes the user who typed sudo, for good; files it makes then belong to
// that user. True when it did. A program that runs jobs calls this before it makes its first file.
bool become_sudo_user();

}  // namespace smflow::engine
