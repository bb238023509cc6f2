#include "flow_text.hpp"

#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include <smflow/base/text.hpp>

namespace smflow::config {

namespace {

class FlowReader {
 public:
  FlowReader(const Source& source, std::size_t offset) : source_(source), text_(source.text()), at_(offset) {}

  Result<Node> read() {
    skip_spaces();
    Node node{.kind = text_[at_] == '[' ? Node::Kind::list : Node::Kind::mapping, .offset = at_, .length = 1};
    const char close = text_[at_] == '[' ? ']' : '}';
    const char* const form = close == ']' ? "[a, b]" : "{name: text, other: text}";
    ++at_;
    for (skip_spaces(); !failure_ && !sees(close); skip_spaces()) {
      if (close == '}') {
        node.items.push_back(scalar(":,}"));
        if (!take(':')) fail(at_, "a ':' is missing after the name", form);
      }
      node.items.push_back(scalar(close == ']' ? ",]" : ",}"));
      skip_spaces();
      if (!sees(close) && !take(',')) {
        fail(at_, fmt::format("'{}' is missing at the end", close), form);
      }
    }
    ++at_;
    skip_spaces();
    if (at_ < text_.size()) fail(at_, fmt::format("something follows the '{}'", close), form);
    if (failure_) return tl::unexpected(*std::move(failure_));
    return node;
  }

 private:
  bool sees(char c) const { return at_ < text_.size() && text_[at_] == c; }
  bool take(char c) {
    skip_spaces();
    if (!sees(c)) return false;
    ++at_;
    return true;
  }
  void skip_spaces() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }

  void fail(std::size_t offset, std::string message, const char* form) {
    if (failure_) return;
    failure_ =
        source_.error(offset, 1, "E033", std::move(message),
                      fmt::format("write {} and quote it for the shell, as in '--set SECTION.KEY={}'", form, form));
  }

  Node scalar(std::string_view ends) {
    skip_spaces();
    if (sees('"') || sees('\'')) return quoted();
    if (sees('[') || sees('{')) fail(at_, "lists and mappings inside each other are no option", "[a, b]");
    const std::size_t begin = at_;
    while (at_ < text_.size() && ends.find(text_[at_]) == std::string_view::npos) ++at_;
    const std::string_view text = trim(text_.substr(begin, at_ - begin));
    if (text.empty()) fail(begin, "a value is missing", ends.back() == ']' ? "[a, b]" : "{name: text}");
    return {.kind = Node::Kind::scalar, .offset = begin, .length = text.size(), .text = std::string(text)};
  }

  Node quoted() {
    const std::size_t begin = at_;
    const char quote = text_[at_++];
    std::string text;
    while (at_ < text_.size() && (text_[at_] != quote || (quote == '\'' && text_.substr(at_ + 1, 1) == "'"))) {
      if (quote == '\'' && sees('\'')) ++at_;
      if (quote == '"' && sees('\\')) {
        ++at_;
        if (!sees('"') && !sees('\\')) fail(at_ - 1, "only \\\" and \\\\ are known in quotes here", "[\"a\", \"b\"]");
      }
      if (at_ < text_.size()) text += text_[at_++];
    }
    if (at_ >= text_.size()) fail(begin, "the closing quote is missing", "[\"a\", \"b\"]");
    if (at_ < text_.size()) ++at_;
    return {.kind = Node::Kind::scalar, .offset = begin, .length = at_ - begin, .text = text, .quoted = true};
  }

  const Source& source_;
  std::string_view text_;
  std::size_t at_;
  std::optional<Error> failure_;
};

}  // namespace

Result<Node> read_flow_text(const Source& source, std::size_t offset) {
  return FlowReader(source, offset).read();
}

}  // namespace smflow::config
