#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <smflow/base/error.hpp>

namespace smflow::docker {

// The rules of a .dockerignore file (Docker documentation, "Build context"; moby's patternmatcher): one pattern a line,
// '#' begins a comment, '!' makes an exception, the last pattern that fits decides. '*' and '?' stay inside of a name,
// '**' crosses them, [a-z] and \ as in Go's filepath.Match. A pattern that fits a folder fits all that is below it.
class IgnoreRules {
 public:
  // E358 when a pattern is not one; `shown` names the file.
  static Result<IgnoreRules> parse(std::string_view text, const std::string& shown);

  bool ignores(std::string_view path) const;
  // Whether something below an ignored folder may not be ignored.
  bool has_exceptions() const;

 private:
  struct Token {
    enum class Kind { literal, any, any_in_name, set, anything, folders };
    Kind kind;
    char literal = 0;
    std::string set = {};  // ranges as pairs
    bool negated = false;
  };
  struct Rule {
    std::vector<Token> tokens;
    bool exception = false;
  };

  static std::optional<std::vector<Token>> compile(std::string_view pattern);
  static std::optional<Token> read_set(std::string_view pattern, std::size_t& at);
  static bool takes(const Token& token, char c);
  static bool matches(const std::vector<Token>& tokens, std::string_view path);

  std::vector<Rule> rules_;
};

}  // namespace smflow::docker
