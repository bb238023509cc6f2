#pragma once

#include "node.hpp"
#include "source.hpp"

#include <string>

#include <smflow/config/config.hpp>

namespace smflow::config {

// Puts what a file says into `config`: sections of options. Everything that is wrong is reported there.
void merge_document(Config& config, const Source& source, const Node& root);

// One override, "SECTION.KEY=VALUE" with the flag before it.
void merge_assignment(Config& config, const std::string& flag, const std::string& assignment);

// The value of an environment variable that an option names.
void merge_variable(Config& config, std::size_t field, const std::string& variable, const std::string& text);

}  // namespace smflow::config
