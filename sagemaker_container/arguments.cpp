#include "arguments.hpp"

#include <functional>
#include <map>

#include <fmt/format.h>

#include <smflow/base/text.hpp>

namespace smflow::gan {

const char* const usage_text = R"(Trains a DCGAN on a folder of pictures.

  main --config configs/training_config.yaml --data pictures --out results
  main --train_cfg_filename training_config.yaml --output_dir /opt/ml/checkpoints    (in a SageMaker job)

  --config FILE               training config
  --data FOLDER               folder with one folder of pictures a class
  --out FOLDER                where model, samples, metrics and checkpoints go
  --set SECTION.KEY=VALUE     override one option; may be repeated
  --train_cfg_filename NAME   training config in the input channel 'config'
  --output_dir FOLDER         where checkpoints go
  --print-config-schema       the options as JSON Schema
  --print-config-template     the options as a commented YAML file
  --help                      this text
)";

namespace {

using Setter = std::function<void(Arguments&, const std::string&)>;

const std::map<std::string, Setter, std::less<>>& options_with_value() {
  static const std::map<std::string, Setter, std::less<>> options = {
      {"--config", [](Arguments& a, const std::string& v) { a.config = v; }},
      {"--data", [](Arguments& a, const std::string& v) { a.data = v; }},
      {"--out", [](Arguments& a, const std::string& v) { a.out = v; }},
      {"--set", [](Arguments& a, const std::string& v) { a.assignments.push_back(v); }},
      {"--train_cfg_filename", [](Arguments& a, const std::string& v) { a.train_cfg_filename = v; }},
      {"--output_dir", [](Arguments& a, const std::string& v) { a.output_dir = v; }},
  };
  return options;
}

const std::map<std::string, Arguments::Action, std::less<>>& actions() {
  static const std::map<std::string, Arguments::Action, std::less<>> all = {
      {"--print-config-schema", Arguments::Action::print_schema},
      {"--print-config-template", Arguments::Action::print_template},
      {"--help", Arguments::Action::help},
      {"-h", Arguments::Action::help},
  };
  return all;
}

Error unknown(const std::string& word) {
  std::vector<std::string> known;
  for (const auto& entry : options_with_value()) known.push_back(entry.first);
  for (const auto& entry : actions()) known.push_back(entry.first);
  const std::string near = nearest(word, known);
  return {.code = "E338",
          .exit = ExitCode::usage,
          .message = fmt::format("unknown argument '{}'", printable(word)),
          .fix = near.empty() ? "see --help" : fmt::format("did you mean {}?", near)};
}

}  // namespace

Result<Arguments> parse_arguments(const std::vector<std::string>& words) {
  Arguments arguments;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (const auto action = actions().find(words[i]); action != actions().end()) {
      arguments.action = action->second;
      continue;
    }
    const auto equals = words[i].find('=');
    const std::string name = words[i].substr(0, equals);
    const auto option = options_with_value().find(name);
    if (option == options_with_value().end()) return tl::unexpected(unknown(name));
    const bool inline_value = equals != std::string::npos;
    if (!inline_value && i + 1 == words.size()) {
      return tl::unexpected(Error{.code = "E338",
                                  .exit = ExitCode::usage,
                                  .message = fmt::format("argument '{}' has no value", name),
                                  .fix = "see --help"});
    }
    option->second(arguments, inline_value ? words[i].substr(equals + 1) : words[++i]);
  }
  return arguments;
}

}  // namespace smflow::gan
