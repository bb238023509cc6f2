#include "complete.hpp"

#include "complete_values.hpp"

#include <algorithm>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <smflow/base/text.hpp>

namespace smflow::cli {

namespace {

bool is_hidden(const CLI::Option& option) {
  return option.get_group().empty();
}

bool takes_a_value(const CLI::Option* option) {
  return option != nullptr && option->get_items_expected_max() > 0;
}

std::vector<CLI::App*> commands_below(CLI::App& command) {
  return command.get_subcommands([](CLI::App*) { return true; });
}

CLI::App* command_below(CLI::App& command, const std::string& name) {
  const std::vector<CLI::App*> all = commands_below(command);
  const auto found = std::ranges::find(all, name, [](const CLI::App* one) { return one->get_name(); });
  return found == all.end() ? nullptr : *found;
}

// Where the words before the last one lead to.
struct Place {
  CLI::App* command = nullptr;
  const CLI::Option* option = nullptr;  // whose value comes next
  std::size_t positionals = 0;
  bool only_positionals = false;  // behind "--"

  void pass(const std::string& word) {
    if (option != nullptr) {
      option = nullptr;
    } else if (word == "--") {
      only_positionals = true;
    } else if (word.starts_with("-") && !only_positionals) {
      const bool has_value = word.starts_with("--") ? word.find('=') != std::string::npos : word.size() > 2;
      const CLI::Option* named = command->get_option_no_throw(word);
      if (!has_value && takes_a_value(named)) option = named;
    } else if (CLI::App* below = command_below(*command, word); below != nullptr && positionals == 0) {
      command = below;
    } else {
      ++positionals;
    }
  }

  const CLI::Option* positional() const {
    std::vector<const CLI::Option*> all;
    for (const CLI::Option* one : std::as_const(*command).get_options()) {
      if (one->get_positional()) all.push_back(one);
    }
    if (positionals < all.size()) return all[positionals];
    return !all.empty() && all.back()->get_items_expected_max() > 1 ? all.back() : nullptr;
  }
};

void add_commands(const Place& place, std::vector<Candidate>& candidates) {
  for (const CLI::App* command : commands_below(*place.command)) {
    candidates.push_back({command->get_name(), command->get_description()});
  }
}

void add_options(const Place& place, std::vector<Candidate>& candidates) {
  for (const CLI::Option* option : std::as_const(*place.command).get_options()) {
    if (is_hidden(*option)) continue;
    for (const std::string& name : option->get_lnames()) {
      candidates.push_back({"--" + name, option->get_description()});
    }
  }
}

// "--color=al": the option, and what is before its value.
const CLI::Option* option_with_value(const Place& place, std::string_view word, std::string& before) {
  const std::size_t equals = word.find('=');
  if (!word.starts_with("--") || place.only_positionals || equals == std::string_view::npos) return nullptr;
  before = word.substr(0, equals + 1);
  const CLI::Option* option = place.command->get_option_no_throw(std::string(word.substr(0, equals)));
  return takes_a_value(option) ? option : nullptr;
}

Candidates candidates_at(const Place& place, const std::string& word) {
  std::string before;
  const CLI::Option* option = place.option;
  if (option == nullptr) option = option_with_value(place, word, before);
  if (option != nullptr) {
    Candidates values = values_of(*option, word.substr(before.size()));
    for (Candidate& value : values.list) value.text = before + value.text;
    return values;
  }
  Candidates candidates;
  if (word.starts_with("-") && !place.only_positionals) {
    add_options(place, candidates.list);
    return candidates;
  }
  add_commands(place, candidates.list);
  if (candidates.list.empty() && place.positional() != nullptr) return values_of(*place.positional(), word);
  return candidates;
}

std::string first_line(const std::string& text) {
  constexpr std::size_t most = 70;
  return std::string(utf8_prefix_characters(printable(text.substr(0, text.find('\n'))), most));
}

}  // namespace

int complete(CLI::App& app, Session& session) {
  constexpr std::size_t program_and_command = 2;
  std::vector<std::string> words(session.argv.begin() + program_and_command, session.argv.end());
  if (words.empty()) words.emplace_back();
  const std::string last = std::move(words.back());
  words.pop_back();
  Place place{.command = &app};
  for (const std::string& word : words) {
    place.pass(word);
    if (!place.command->get_prefix_command()) continue;
    // Another program has this command's options.
    app.parse(std::vector<std::string>{place.command->get_name()});
    return session.action();
  }
  const Candidates candidates = candidates_at(place, last);
  if (candidates.files) fmt::print(session.out, ":files\n");
  for (const auto& [text, what] : candidates.list) {
    if (text.starts_with(last)) fmt::print(session.out, "{}{}{}\n", text, what.empty() ? "" : "\t", first_line(what));
  }
  return 0;
}

}  // namespace smflow::cli
