#pragma once

#include <string>

#include <smflow/config/schema.hpp>

namespace CLI {
class App;
}

namespace smflow::cli {

// The argument "sagemaker" or "training" of the commands that explain one configuration.
void add_which_argument(CLI::App& command, std::string& which);
// Its schema; a CommandFailure (E061) when the training program's is not there.
config::SchemaPtr schema_of_which(const std::string& which);

}  // namespace smflow::cli
