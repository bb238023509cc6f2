#include "shell_words.hpp"

#include <algorithm>
#include <array>

namespace smflow::docker {

namespace {

constexpr std::string_view blanks = " \t\v\f\r";
constexpr int deepest = 8;  // words in braces in words in braces

bool is_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

std::size_t end_of_word(std::string_view line, std::size_t at, char escape) {
  char quote = '\0';
  for (; at < line.size(); ++at) {
    const char c = line[at];
    if (c == escape && quote != '\'') {
      ++at;
    } else if (quote != '\0') {
      if (c == quote) quote = '\0';
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (blanks.find(c) != std::string_view::npos) {
      return at;
    }
  }
  return line.size();
}

class WordReader {
 public:
  // Without values a '$' is one.
  WordReader(std::string_view word, char escape, const Values* values)
      : rest_(word), escape_(escape), values_(values) {}

  // To the end, or in braces to the one that closes them. What is not known is read over, as it may not be needed.
  std::optional<std::string> read(int braces = 0) {
    std::string text;
    bool known = true;
    for (bool quoted = false; !rest_.empty();) {
      const char c = take();
      if (c == '}' && braces > 0 && !quoted) return known ? std::optional(std::move(text)) : std::nullopt;
      if (c == '"') {
        quoted = !quoted;
      } else if (c == '\'' && !quoted) {
        text += take_to('\'');
      } else if (c == escape_) {
        text += escaped(quoted);
      } else if (c == '$' && values_ != nullptr) {
        const auto value = variable(braces);
        known = known && value.has_value();
        text += value.value_or("");
      } else {
        text += c;
      }
    }
    broken_ = broken_ || braces > 0;
    return known && !broken_ ? std::optional(std::move(text)) : std::nullopt;
  }

 private:
  char take() {
    const char c = rest_.front();
    rest_.remove_prefix(1);
    return c;
  }

  std::string_view take_to(char end) {
    const std::string_view text = rest_.substr(0, rest_.find(end));
    rest_.remove_prefix(std::min(text.size() + 1, rest_.size()));
    return text;
  }

  std::string take_name() {
    std::string name(rest_.begin(), std::ranges::find_if_not(rest_, is_name));
    rest_.remove_prefix(name.size());
    return name;
  }

  // In quotes only what means something there can be escaped.
  std::string escaped(bool quoted) {
    if (rest_.empty()) return {};
    const char c = take();
    const bool means_something = c == '"' || c == '$' || c == escape_;
    return quoted && !means_something ? std::string{escape_, c} : std::string{c};
  }

  std::optional<std::string> variable(int braces) {
    if (!rest_.starts_with('{')) return value_of(take_name());
    take();
    const std::string name = take_name();
    const bool empty_is_none = rest_.starts_with(':');
    if (empty_is_none) take();
    const char sign = rest_.empty() ? '\0' : take();
    if (sign == '}' && !empty_is_none) return value_of(name);
    if (name.empty() || (sign != '-' && sign != '+') || braces == deepest) {
      broken_ = true;
      return std::nullopt;
    }
    const auto word = read(braces + 1);
    auto value = value_of(name);
    if (!value && is_of_the_builder(name)) return std::nullopt;
    if (value && value->empty() && empty_is_none) value.reset();
    if (sign == '+') return value ? word : std::optional(std::string());
    return value ? value : word;
  }

  std::optional<std::string> value_of(const std::string& name) const {
    const auto value = values_->find(name);
    return value == values_->end() ? std::nullopt : std::optional(value->second);
  }

  std::string_view rest_;
  char escape_;
  const Values* values_;
  bool broken_ = false;
};

}  // namespace

std::vector<std::string_view> shell_words(std::string_view line, char escape) {
  std::vector<std::string_view> words;
  std::size_t at = 0;
  while ((at = line.find_first_not_of(blanks, at)) != std::string_view::npos) {
    const std::size_t end = end_of_word(line, at, escape);
    words.push_back(line.substr(at, end - at));
    at = end;
  }
  return words;
}

std::string unquoted(std::string_view word, char escape) {
  return WordReader(word, escape, nullptr).read().value_or("");
}

std::optional<std::string> expanded(std::string_view word, const Values& values, char escape) {
  return WordReader(word, escape, &values).read();
}

// Dockerfile reference, "Automatic platform ARGs in the global scope"; and BuildKit's TARGETSTAGE.
bool is_of_the_builder(std::string_view argument) {
  constexpr std::array<std::string_view, 9> names = {"TARGETPLATFORM", "TARGETOS",    "TARGETARCH",
                                                     "TARGETVARIANT",  "TARGETSTAGE", "BUILDPLATFORM",
                                                     "BUILDOS",        "BUILDARCH",   "BUILDVARIANT"};
  return std::ranges::find(names, argument) != names.end();
}

}  // namespace smflow::docker
