#include "pattern_form.hpp"

namespace smflow::preflight {

namespace {

class Form {
 public:
  explicit Form(std::string_view pattern) : pattern_(pattern) {}

  bool is_broken() {
    while (at_ < pattern_.size()) {
      const bool fine = pattern_[at_] == '\\' ? escape() : (classes_ > 0 ? in_class() : outside());
      if (!fine) return true;
    }
    return groups_ > 0 || classes_ > 0;
  }

 private:
  bool escape() {
    if (at_ + 1 == pattern_.size()) return false;
    if (pattern_[at_ + 1] == 'Q') {
      const std::size_t end = pattern_.find("\\E", at_ + 2);
      at_ = end == std::string_view::npos ? pattern_.size() : end;
    }
    at_ += 2;
    begins_ = false;
    return true;
  }

  // A bracket that stands first in a class is itself.
  void open_class() {
    ++classes_;
    ++at_;
    if (next_is('^')) ++at_;
    if (next_is(']')) ++at_;
  }

  bool in_class() {
    if (pattern_[at_] == '[') {
      open_class();
      return true;
    }
    if (pattern_[at_] == ']') --classes_;
    ++at_;
    return true;
  }

  bool outside() {
    const char c = pattern_[at_];
    const bool begins = begins_;
    begins_ = c == '(' || c == '|';
    if (c == '[') {
      open_class();
      return true;
    }
    ++at_;
    if (c == '(') {
      ++groups_;
      if (next_is('?')) ++at_;
    }
    if (c == ')') return --groups_ >= 0;
    return !(begins && (c == '*' || c == '+' || c == '?'));
  }

  bool next_is(char c) const { return at_ < pattern_.size() && pattern_[at_] == c; }

  const std::string_view pattern_;
  std::size_t at_ = 0;
  int groups_ = 0;
  int classes_ = 0;
  bool begins_ = true;  // nothing stands before that could be repeated
};

}  // namespace

bool is_broken_pattern(std::string_view pattern) {
  return Form(pattern).is_broken();
}

}  // namespace smflow::preflight
