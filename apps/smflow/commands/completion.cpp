#include "complete.hpp"
#include "completion_scripts.hpp"

#include <CLI/CLI.hpp>

namespace smflow::cli {

namespace {

const char* script_for(const std::string& shell) {
  if (shell == "bash") return bash_completion;
  return shell == "zsh" ? zsh_completion : fish_completion;
}

}  // namespace

void add_completion(CLI::App& app, Session& session) {
  auto shell = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand(
      "completion", help_text("Print what lets a shell complete commands, options, config keys and names of runs.",
                              {"source <(smflow completion bash)                 # in ~/.bashrc",
                               "source <(smflow completion zsh)                  # in ~/.zshrc, behind compinit",
                               "smflow completion fish | source                  # in config.fish"}));
  command->add_option("shell", *shell, "bash, zsh or fish")->required()->check(CLI::IsMember({"bash", "zsh", "fish"}));
  command->callback([&session, shell] {
    session.action = [&session, shell] {
      std::fputs(script_for(*shell), session.out);
      return 0;
    };
  });
}

}  // namespace smflow::cli
