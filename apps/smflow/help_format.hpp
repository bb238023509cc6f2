#pragma once

#include <CLI/CLI.hpp>

namespace smflow::cli {

// --help as people read it: what a command does and its examples first, then usage and options; in a list of
// subcommands each has one line.
class HelpFormat : public CLI::Formatter {
 public:
  std::string make_description(const CLI::App* app) const override;
  std::string make_subcommand(const CLI::App* command) const override;
};

}  // namespace smflow::cli
