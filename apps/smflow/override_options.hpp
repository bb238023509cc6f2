#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace smflow::cli {

// --set and --set-training, which add to these.
void add_override_options(CLI::App& command, std::vector<std::string>& set, std::vector<std::string>& set_training);

}  // namespace smflow::cli
