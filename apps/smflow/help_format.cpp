#include "help_format.hpp"

namespace smflow::cli {

std::string HelpFormat::make_description(const CLI::App* app) const {
  return app->get_description() + "\n\n";
}

std::string HelpFormat::make_subcommand(const CLI::App* command) const {
  const std::string text = command->get_description();
  std::ostringstream line;
  CLI::detail::format_help(line, command->get_display_name(true), text.substr(0, text.find('\n')), column_width_);
  return line.str();
}

}  // namespace smflow::cli
