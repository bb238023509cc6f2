#include <algorithm>

#include <smflow/base/text.hpp>
#include <smflow/docker/ignore_rules.hpp>

namespace smflow::docker {

namespace {

// As Go's filepath.Clean, without the slash in front.
std::string cleaned(std::string_view pattern) {
  std::vector<std::string> kept;
  for (const std::string& part : split(pattern, '/')) {
    if (part.empty() || part == ".") continue;
    if (part == ".." && !kept.empty()) {
      kept.pop_back();
    } else {
      kept.push_back(part);
    }
  }
  return join(kept, "/");
}

Error bad_pattern(std::string_view pattern, const std::string& shown, int line) {
  return {.code = "E358",
          .exit = ExitCode::configuration,
          .message = "not a pattern: '" + printable(pattern) + "'",
          .fix = "close every '[', and write something after '!' and '\\'",
          .where = Where{.file = shown, .line = line, .column = 1}};
}

}  // namespace

Result<IgnoreRules> IgnoreRules::parse(std::string_view text, const std::string& shown) {
  IgnoreRules rules;
  int number = 0;
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  for (const std::string& line : split(text, '\n')) {
    ++number;
    if (line.starts_with('#')) continue;
    std::string_view pattern = trim(line);
    const bool exception = pattern.starts_with('!');
    if (exception) pattern = trim(pattern.substr(1));
    if (pattern.empty() && !exception) continue;
    auto tokens = compile(cleaned(pattern));
    if (pattern.empty() || !tokens) return tl::unexpected(bad_pattern(trim(line), shown, number));
    if (!tokens->empty()) rules.rules_.push_back({*std::move(tokens), exception});
  }
  return rules;
}

std::optional<std::vector<IgnoreRules::Token>> IgnoreRules::compile(std::string_view pattern) {
  std::vector<Token> tokens;
  for (std::size_t at = 0; at < pattern.size();) {
    const char c = pattern[at++];
    if (c == '*' && pattern.substr(at).starts_with('*')) {
      while (pattern.substr(at).starts_with('*')) ++at;
      if (pattern.substr(at).starts_with('/')) ++at;
      tokens.push_back({at == pattern.size() ? Token::Kind::anything : Token::Kind::folders});
    } else if (c == '*' || c == '?') {
      tokens.push_back({c == '*' ? Token::Kind::any_in_name : Token::Kind::any});
    } else if (c == '[') {
      auto set = read_set(pattern, at);
      if (!set) return std::nullopt;
      tokens.push_back(*std::move(set));
    } else if (c == '\\') {
      if (at == pattern.size()) return std::nullopt;
      tokens.push_back({Token::Kind::literal, pattern[at++]});
    } else {
      tokens.push_back({Token::Kind::literal, c});
    }
  }
  return tokens;
}

// What stands after '['.
std::optional<IgnoreRules::Token> IgnoreRules::read_set(std::string_view pattern, std::size_t& at) {
  Token token{Token::Kind::set};
  if (pattern.substr(at).starts_with('^')) {
    token.negated = true;
    ++at;
  }
  const auto next = [&]() -> std::optional<char> {
    if (at < pattern.size() && pattern[at] == '\\') ++at;
    return at < pattern.size() ? std::optional(pattern[at++]) : std::nullopt;
  };
  while (at < pattern.size() && pattern[at] != ']') {
    const auto low = next();
    auto high = low;
    if (pattern.substr(at).starts_with('-')) {
      ++at;
      high = next();
    }
    if (!low || !high) return std::nullopt;
    token.set += {*low, *high};
  }
  if (at == pattern.size() || token.set.empty()) return std::nullopt;
  ++at;
  return token;
}

bool IgnoreRules::takes(const Token& token, char c) {
  using Kind = Token::Kind;
  if (token.kind == Kind::literal) return c == token.literal;
  if (token.kind == Kind::anything || token.kind == Kind::folders) return true;
  if (c == '/') return false;
  if (token.kind != Kind::set) return true;
  bool inside = false;
  for (std::size_t i = 0; i + 1 < token.set.size(); i += 2)
    inside = inside || (token.set[i] <= c && c <= token.set[i + 1]);
  return inside != token.negated;
}

// All places in the pattern at once, so that no pattern takes long. A place within "**/" has eaten a part of a name and
// needs a '/' before it can go on.
bool IgnoreRules::matches(const std::vector<Token>& tokens, std::string_view path) {
  using Kind = Token::Kind;
  const std::size_t end = tokens.size();
  std::vector<bool> at(end + 1), within(end + 1);
  at[0] = true;
  for (std::size_t p = 0;; ++p) {
    for (std::size_t i = 0; i < end; ++i) {
      const Kind kind = tokens[i].kind;
      if (at[i] && (kind == Kind::any_in_name || kind == Kind::anything || kind == Kind::folders)) at[i + 1] = true;
    }
    const bool name_ends = p == path.size() || path[p] == '/';
    if (name_ends && at[end] && p > 0) return true;
    if (p == path.size()) return false;
    std::vector<bool> next(end + 1), next_within(end + 1);
    for (std::size_t i = 0; i < end; ++i) {
      if ((!at[i] && !within[i]) || !takes(tokens[i], path[p])) continue;
      const Kind kind = tokens[i].kind;
      if (kind == Kind::folders) {
        next_within[i] = true;
        if (path[p] == '/') next[i + 1] = true;
      } else {
        next[kind == Kind::any_in_name || kind == Kind::anything ? i : i + 1] = true;
      }
    }
    at = std::move(next);
    within = std::move(next_within);
  }
}

bool IgnoreRules::ignores(std::string_view path) const {
  bool ignored = false;
  for (const Rule& rule : rules_) {
    if (rule.exception == ignored && matches(rule.tokens, path)) ignored = !rule.exception;
  }
  return ignored;
}

bool IgnoreRules::has_exceptions() const {
  return std::ranges::any_of(rules_, &Rule::exception);
}

}  // namespace smflow::docker
