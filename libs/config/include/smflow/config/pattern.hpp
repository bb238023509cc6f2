#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <smflow/base/error.hpp>

namespace smflow::config {

// A regular expression that a whole text matches or not, in time linear in the text: std::regex backtracks and
// overflows the stack on long input, and patterns come out of schema files.
//
// The syntax is the part of JSON Schema's (ECMA 262) that such checks need: literals, `.`, classes [a-z] and [^/],
// \d \w \s \D \W \S, escaped punctuation, \n \t, groups ( ) and (?: ), `|`, and the quantifiers * + ? {m} {m,} {m,n}.
// There are no anchors, since the whole text has to match, and no back references. Texts are UTF-8; characters count.
class Pattern {
 public:
  // E051 with the reason and the place in the pattern.
  static Result<Pattern> compile(std::string_view pattern);

  bool matches(std::string_view text) const;

 private:
  friend class PatternCompiler;

  struct Range {
    char32_t first;
    char32_t last;
  };
  struct Step {
    enum class Do : std::uint8_t { read, fork, jump, accept };
    Do action;
    bool negated = false;            // read: any character outside the ranges
    std::vector<Range> ranges = {};  // read
    std::size_t next = 0;            // fork, jump: where to go on
    std::size_t other = 0;           // fork: the second way
  };
  struct Threads;

  Pattern() = default;
  void follow(Threads& threads, std::size_t step) const;

  std::vector<Step> steps_;
};

}  // namespace smflow::config
