#include <smflow/aws/process_runner.hpp>

namespace smflow::aws {

Result<ProcessOutput> run_process(const std::vector<std::string>& command, ProcessLimits limits) {
  auto output = smflow::run_process(command, limits);
  if (output || output.error().code != "E399") return output;
  return tl::unexpected(Error{.code = "E405",
                              .exit = ExitCode::permission,
                              .message = "the credential process " + output.error().message,
                              .fix = "run the profile's credential_process by hand"});
}

std::optional<std::vector<std::string>> split_command(std::string_view line) {
  std::vector<std::string> words;
  bool inside_word = false;
  char quote = 0;
  const auto word = [&]() -> std::string& {
    if (!inside_word) words.emplace_back();
    inside_word = true;
    return words.back();
  };
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    const bool escapes =
        c == '\\' && quote != '\'' && i + 1 < line.size() && (quote == 0 || line[i + 1] == '"' || line[i + 1] == '\\');
    if (escapes) {
      word() += line[++i];
    } else if (quote != 0 && c == quote) {
      quote = 0;
    } else if (quote == 0 && (c == '"' || c == '\'')) {
      quote = c;
      word();
    } else if (quote == 0 && (c == ' ' || c == '\t' || c == '\n')) {
      inside_word = false;
    } else {
      word() += c;
    }
  }
  if (quote != 0) return std::nullopt;
  return words;
}

}  // namespace smflow::aws
