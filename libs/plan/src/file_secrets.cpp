#include "file_secrets.hpp"

#include <algorithm>

#include <smflow/base/redact.hpp>
#include <smflow/base/text.hpp>

namespace smflow::plan {

namespace {

Error secret_in(const ConfigFile& file, int line, const std::string& what, const std::string& fix) {
  return {.code = "E066",
          .exit = ExitCode::configuration,
          .message = what + " stands in a file that the record keeps as it is",
          .fix = fix,
          .where = Where{.file = file.path.string(), .line = line, .column = 1}};
}

}  // namespace

std::vector<Error> secrets_in(const ConfigFile& file, const config::TextMap& variables,
                              const std::vector<std::string>& own) {
  constexpr std::size_t shortest = 6;  // what is shorter is found in words that are no secret
  std::vector<Error> errors;
  int number = 0;
  for (const std::string& line : split(file.content, '\n')) {
    ++number;
    const bool is_own =
        std::ranges::any_of(own, [&](const std::string& secret) { return line.find(secret) != std::string::npos; });
    if (is_own || redact(line) != line) {
      errors.push_back(
          secret_in(file, number, "a credential", "remove it; the job gets its rights from its execution role"));
      continue;
    }
    for (const auto& [name, value] : variables) {
      if (value.size() < shortest || line.find(value) == std::string::npos || !speaks_of_a_secret(name)) continue;
      errors.push_back(secret_in(
          file, number, "the value of " + name,
          "remove it, and give it with --set 'CONTAINER.ENVIRONMENT." + name + "=...', which the record leaves out"));
    }
  }
  return errors;
}

}  // namespace smflow::plan
