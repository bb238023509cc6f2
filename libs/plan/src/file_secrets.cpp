#include "file_secrets.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include <smflow/base/redact.hpp>
#include <smflow/base/text.hpp>

namespace smflow::plan {

namespace {

// Words of a name: "WANDB_API_KEY" has three. Whole words, since TOKENIZERS_PARALLELISM and MAX_TOKENS are no secrets.
std::vector<std::string> words_of(std::string_view name) {
  std::vector<std::string> words(1);
  for (const char c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) {
      words.emplace_back();
    } else {
      words.back() += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
  }
  return words;
}

bool is_secret_by_its_words(std::string_view name) {
  constexpr std::array<std::string_view, 10> secret = {"password", "passwd",     "pwd",         "secret",     "token",
                                                       "apikey",   "credential", "credentials", "passphrase", "creds"};
  constexpr std::array<std::string_view, 4> before_key = {"api", "access", "private", "session"};
  const std::vector<std::string> words = words_of(name);
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (std::ranges::find(secret, words[i]) != secret.end()) return true;
    if (i > 0 && words[i] == "key" && std::ranges::find(before_key, words[i - 1]) != before_key.end()) return true;
  }
  return false;
}

Error secret_in(const ConfigFile& file, int line, const std::string& what, const std::string& fix) {
  return {.code = "E066",
          .exit = ExitCode::configuration,
          .message = what + " stands in a file that the record keeps as it is",
          .fix = fix,
          .where = Where{.file = file.path.string(), .line = line, .column = 1}};
}

}  // namespace

std::vector<Error> secrets_in(const ConfigFile& file, const config::TextMap& variables) {
  constexpr std::size_t shortest = 6;  // what is shorter is found in words that are no secret
  std::vector<Error> errors;
  int number = 0;
  for (const std::string& line : split(file.content, '\n')) {
    ++number;
    if (redact(line) != line) {
      errors.push_back(
          secret_in(file, number, "a credential", "remove it; the job gets its rights from its execution role"));
      continue;
    }
    for (const auto& [name, value] : variables) {
      if (value.size() < shortest || line.find(value) == std::string::npos || !is_secret_by_its_words(name)) continue;
      errors.push_back(secret_in(
          file, number, "the value of " + name,
          "remove it, and give it with --set 'CONTAINER.ENVIRONMENT." + name + "=...', which the record leaves out"));
    }
  }
  return errors;
}

}  // namespace smflow::plan
