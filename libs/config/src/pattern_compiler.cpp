#include "utf8.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <smflow/config/pattern.hpp>

namespace smflow::config {

// Recursive descent over the pattern; the steps of a repeated part are pasted as often as they are needed.
class PatternCompiler {
 public:
  explicit PatternCompiler(std::string_view pattern) : pattern_(pattern) {}

  Result<Pattern> run() {
    if (pattern_.size() > longest_pattern) fail("it is longer than 1000 bytes");
    alternatives(0);
    if (!failure_ && at_ < pattern_.size()) fail("')' has no '('");
    add({.action = Step::Do::accept});
    if (failure_) return tl::unexpected(*std::move(failure_));
    Pattern compiled;
    compiled.steps_ = std::move(steps_);
    return compiled;
  }

 private:
  using Step = Pattern::Step;
  using Range = Pattern::Range;
  static constexpr std::size_t longest_pattern = 1000;
  static constexpr std::size_t most_steps = 5000;
  static constexpr int deepest_group = 20;
  static constexpr int most_repeats = 1000;

  struct Repeat {
    int least = 1;
    int most = 1;  // -1: no limit
  };

  bool at_end() const { return failure_ || at_ >= pattern_.size(); }
  bool sees(char c) const { return !at_end() && pattern_[at_] == c; }
  bool take(char c) {
    if (!sees(c)) return false;
    ++at_;
    return true;
  }

  void fail(const std::string& why) {
    if (failure_) return;
    failure_ = Error{.code = "E051",
                     .exit = ExitCode::configuration,
                     .message = fmt::format("the pattern '{}' is not usable at character {}: {}",
                                            pattern_.substr(0, longest_pattern), at_ + 1, why)};
  }

  std::size_t add(Step step) {
    if (steps_.size() >= most_steps) {
      fail("it is too large when its repetitions are written out");
      return 0;
    }
    steps_.push_back(std::move(step));
    return steps_.size() - 1;
  }

  void alternatives(int depth) {
    if (depth > deepest_group) return fail("groups are nested deeper than 20");
    std::vector<std::size_t> exits;
    for (;;) {
      const std::size_t fork = add({.action = Step::Do::fork});
      if (failure_) return;
      sequence(depth);
      if (failure_) return;
      if (!take('|')) {
        steps_[fork].action = Step::Do::jump;
        steps_[fork].next = fork + 1;
        break;
      }
      exits.push_back(add({.action = Step::Do::jump}));
      steps_[fork].next = fork + 1;
      steps_[fork].other = steps_.size();
    }
    for (const std::size_t exit : exits) steps_[exit].next = steps_.size();
  }

  void sequence(int depth) {
    while (!at_end() && !sees('|') && !sees(')')) repeated(depth);
  }

  void repeated(int depth) {
    const std::size_t begin = steps_.size();
    atom(depth);
    const Repeat repeat = quantifier();
    if (failure_ || (repeat.least == 1 && repeat.most == 1)) return;

    const std::vector<Step> once(steps_.begin() + static_cast<std::ptrdiff_t>(begin), steps_.end());
    steps_.resize(begin);
    for (int i = 0; i < repeat.least && !failure_; ++i) paste(once, begin);
    if (repeat.most < 0) {
      const std::size_t fork = add({.action = Step::Do::fork});
      paste(once, begin);
      add({.action = Step::Do::jump, .next = fork});
      leave_or_go_on(fork);
    } else {
      std::vector<std::size_t> forks;
      for (int i = repeat.least; i < repeat.most && !failure_; ++i) {
        forks.push_back(add({.action = Step::Do::fork}));
        paste(once, begin);
      }
      for (const std::size_t fork : forks) leave_or_go_on(fork);
    }
  }

  void leave_or_go_on(std::size_t fork) {
    steps_[fork].next = fork + 1;
    steps_[fork].other = steps_.size();
  }

  // Appends steps that were compiled to stand at `begin`.
  void paste(const std::vector<Step>& steps, std::size_t begin) {
    const std::size_t shift = steps_.size() - begin;
    for (Step step : steps) {
      step.next += shift;
      step.other += shift;
      add(std::move(step));
    }
  }

  Repeat quantifier() {
    Repeat repeat;
    if (take('*')) {
      repeat = {0, -1};
    } else if (take('+')) {
      repeat = {1, -1};
    } else if (take('?')) {
      repeat = {0, 1};
    } else if (take('{')) {
      repeat = counts();
    }
    if (sees('*') || sees('+') || sees('?') || sees('{')) fail("two quantifiers follow each other");
    return repeat;
  }

  Repeat counts() {
    Repeat repeat;
    repeat.least = number();
    repeat.most = repeat.least;
    if (take(',')) repeat.most = sees('}') ? -1 : number();
    if (!take('}')) fail("'{' needs a number or two and '}'");
    if (repeat.most >= 0 && repeat.most < repeat.least) fail("the second number is smaller than the first");
    return repeat;
  }

  int number() {
    int value = -1;
    while (!at_end() && pattern_[at_] >= '0' && pattern_[at_] <= '9') {
      value = (value < 0 ? 0 : value) * 10 + (pattern_[at_++] - '0');
      if (value > most_repeats) {
        fail("more than 1000 repetitions");
        return 0;
      }
    }
    if (value < 0) fail("'{' needs a number");
    return value;
  }

  void atom(int depth) {
    if (take('(')) {
      if (take('?') && !take(':')) return fail("only (?: ) is known of the special groups");
      alternatives(depth + 1);
      if (!take(')')) fail("')' is missing");
      return;
    }
    Step step{.action = Step::Do::read};
    if (take('[')) {
      read_class(step);
    } else if (take('.')) {
      step.negated = true;
      step.ranges = {{U'\n', U'\n'}};
    } else if (take('\\')) {
      step.ranges = escape();
    } else if (std::string_view("*+?{}^$]").find(pattern_[at_]) != std::string_view::npos) {
      return fail(fmt::format("'{}' cannot stand here; the whole text is matched, and a literal one is '\\{}'",
                              pattern_[at_], pattern_[at_]));
    } else {
      const char32_t c = character();
      step.ranges = {{c, c}};
    }
    add(std::move(step));
  }

  char32_t character() {
    const Character c = first_character(pattern_.substr(at_));
    at_ += c.bytes;
    return c.code;
  }

  void read_class(Step& step) {
    step.negated = take('^');
    do {
      std::vector<Range> part = class_member();
      if (sees('-') && at_ + 1 < pattern_.size() && pattern_[at_ + 1] != ']') {
        ++at_;
        const std::vector<Range> last = class_member();
        if (failure_) return;
        const bool single = part.size() == 1 && part[0].first == part[0].last && last.size() == 1 &&
                            last[0].first == last[0].last && part[0].first <= last[0].first;
        if (!single) return fail("a range in [ ] needs two characters in ascending order");
        part[0].last = last[0].first;
      }
      step.ranges.insert(step.ranges.end(), part.begin(), part.end());
    } while (!at_end() && !sees(']'));
    if (!take(']')) fail("']' is missing");
  }

  std::vector<Range> class_member() {
    if (at_end() || sees(']')) {
      fail("'[' holds nothing");
      return {};
    }
    if (take('\\')) return escape();
    const char32_t c = character();
    return {{c, c}};
  }

  static std::vector<Range> outside(const std::vector<Range>& ranges) {
    std::vector<Range> rest;
    char32_t from = 0;
    for (const Range& range : ranges) {
      if (range.first > from) rest.push_back({from, range.first - 1});
      from = range.last + 1;
    }
    rest.push_back({from, 0x10FFFF});
    return rest;
  }

  std::vector<Range> escape() {
    static const std::vector<Range> digits = {{U'0', U'9'}};
    static const std::vector<Range> word = {{U'0', U'9'}, {U'A', U'Z'}, {U'_', U'_'}, {U'a', U'z'}};
    static const std::vector<Range> space = {{U'\t', U'\r'}, {U' ', U' '}};
    const char c = at_end() ? '\0' : pattern_[at_++];
    switch (c) {
      case 'd':
        return digits;
      case 'w':
        return word;
      case 's':
        return space;
      case 'D':
        return outside(digits);
      case 'W':
        return outside(word);
      case 'S':
        return outside(space);
      case 'n':
        return {{U'\n', U'\n'}};
      case 't':
        return {{U'\t', U'\t'}};
      default:
        break;
    }
    const bool punctuation = c > ' ' && c < 0x7F && std::string_view("_").find(c) == std::string_view::npos &&
                             !(c >= '0' && c <= '9') && !(c >= 'A' && c <= 'Z') && !(c >= 'a' && c <= 'z');
    if (!punctuation) fail("an unknown character follows '\\'");
    return {{static_cast<char32_t>(c), static_cast<char32_t>(c)}};
  }

  std::string_view pattern_;
  std::size_t at_ = 0;
  std::vector<Step> steps_;
  std::optional<Error> failure_;
};

Result<Pattern> Pattern::compile(std::string_view pattern) {
  return PatternCompiler(pattern).run();
}

}  // namespace smflow::config
