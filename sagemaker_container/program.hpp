#pragma once

#include <string>
#include <vector>

namespace smflow::gan {

// The whole program. `words` are the arguments without the program's name; returns the exit code.
int run_program(const std::vector<std::string>& words);

}  // namespace smflow::gan
