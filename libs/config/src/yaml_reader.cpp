#include "yaml_reader.hpp"

#include "yaml_text.hpp"

#include <algorithm>
#include <sstream>
#include <string>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

namespace smflow::config {

namespace {

// Ends the reading; the error is reported already.
struct Stop {};

class Builder : public YAML::EventHandler {
 public:
  Builder(const Source& source, YamlDocument& document) : source_(source), document_(document) {}

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (documents_++ == 0) return;
    stop(at(mark), 1, "E015", "a second document starts here",
         "indent this line like the lines above it; a config file is one document without '---' inside");
  }
  void OnDocumentEnd() override {}

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    fail(at(mark), word_length(at(mark)), "E016", "aliases are not allowed in a config file", "write the value itself");
    place({.kind = Node::Kind::null, .offset = at(mark), .length = 1, .refused = true});
  }

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    refuse_properties(mark, "", anchor);
    // The mark of an empty value is on a later line; its key's is right.
    const Node* key = waiting_key();
    const bool written = word_length(at(mark)) > 0 && (key == nullptr || same_line(key->offset, at(mark)));
    if (key != nullptr && !written) {
      place({.kind = Node::Kind::null, .offset = key->offset, .length = key->length});
    } else {
      place({.kind = Node::Kind::null, .offset = at(mark), .length = word_length(at(mark))});
    }
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& text) override {
    const std::size_t offset = at(mark);
    if (refuse_properties(mark, tag, anchor)) {
      place({.kind = Node::Kind::scalar, .offset = offset, .length = 1, .text = text, .quoted = true, .refused = true});
      return;
    }
    Node node{.kind = Node::Kind::scalar, .offset = offset, .length = 1, .text = text, .quoted = true};
    const std::string_view rest = source_.rest_of_line(offset);
    const char first = rest.empty() ? '\0' : rest.front();
    if (first == '"' || first == '\'') {
      node.length = quoted_length(rest);
      if (node.length == 0) stop_at_unclosed_quote(offset);
    } else if (first != '|' && first != '>') {
      node.quoted = false;
      node.length = text.size();
      if (rest.substr(0, text.size()) != text) stop_at_text_over_lines(offset, rest);
    }
    place(std::move(node));
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    refuse_properties(mark, tag, anchor);
    open({.kind = Node::Kind::list, .offset = at(mark), .length = 1});
  }
  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    refuse_properties(mark, tag, anchor);
    open({.kind = Node::Kind::mapping, .offset = at(mark), .length = 1});
  }
  void OnMapEnd() override { close(); }

  // The line at `offset` is not YAML, so that a value read from it may be half of what is written.
  void refuse_last_value(std::size_t offset) {
    if (open_.empty() || open_.back().items.empty()) return;
    Node& last = open_.back().items.back();
    if (same_line(last.offset, offset)) last.refused = true;
  }

  // What was read before the reading ended early. A key without a value is left out, a list without an end is refused.
  void salvage() {
    while (!open_.empty()) {
      Node node = std::move(open_.back());
      open_.pop_back();
      node.refused = node.kind == Node::Kind::list;
      if (node.kind == Node::Kind::mapping && node.items.size() % 2 == 1) node.items.pop_back();
      if (open_.empty()) {
        document_.root = std::move(node);
      } else if (open_.back().kind == Node::Kind::list || open_.back().items.size() % 2 == 1) {
        open_.back().items.push_back(std::move(node));
      }
    }
  }

 private:
  std::size_t at(const YAML::Mark& mark) const { return source_.offset(mark.line, mark.column); }

  std::size_t word_length(std::size_t offset) const {
    return std::min(source_.rest_of_line(offset).find_first_of(" ,]}#"), source_.rest_of_line(offset).size());
  }

  bool same_line(std::size_t a, std::size_t b) const { return source_.line_number(a) == source_.line_number(b); }

  void fail(std::size_t offset, std::size_t length, const char* code, std::string message, std::string fix) {
    if (document_.errors.size() == most_errors) throw Stop{};
    document_.errors.push_back(source_.error(offset, length, code, std::move(message), std::move(fix)));
  }

  [[noreturn]] void stop(std::size_t offset, std::size_t length, const char* code, std::string message,
                         std::string fix) {
    fail(offset, length, code, std::move(message), std::move(fix));
    throw Stop{};
  }

  [[noreturn]] void stop_at_unclosed_quote(std::size_t offset) {
    stop(offset, source_.rest_of_line(offset).size(), "E019", "the closing quote is missing",
         fmt::format("end the text with {} on the same line", source_.text()[offset]));
  }

  [[noreturn]] void stop_at_text_over_lines(std::size_t offset, std::string_view rest) {
    const std::size_t colon = rest.find(':');
    const bool glued = colon != std::string_view::npos && colon + 1 < rest.size() && rest[colon + 1] != ' ';
    stop(offset, rest.size(), "E019", "a text goes on in the next line",
         glued ? "put a space after the colon: KEY: value"
               : "put it on one line, or indent the next line like the keys above it");
  }

  // Anchors and tags; true when there was one.
  bool refuse_properties(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    const std::size_t offset = at(mark);
    const std::string_view rest = source_.rest_of_line(offset);
    const bool tagged = rest.starts_with('!') || (!tag.empty() && tag != "?" && tag != "!");
    if (!tagged && anchor == 0) return false;
    // A mapping has the mark of its first key.
    if (std::exchange(refused_at_, offset) == offset) return true;
    fail(offset, word_length(offset), "E016",
         tagged ? "tags are not allowed in a config file" : "anchors are not allowed in a config file",
         tagged ? "remove the word that begins with '!'; the option knows its type"
                : "remove the word that begins with '&'");
    return true;
  }

  const Node* waiting_key() const {
    if (open_.empty() || open_.back().kind != Node::Kind::mapping || open_.back().items.size() % 2 == 0) return nullptr;
    return &open_.back().items.back();
  }

  void open(Node node) {
    if (open_.size() == deepest_nesting) {
      stop(node.offset, 1, "E011", fmt::format("nested deeper than {} levels", deepest_nesting),
           "options are SECTION: KEY: value");
    }
    open_.push_back(std::move(node));
  }

  void close() {
    Node node = std::move(open_.back());
    open_.pop_back();
    if (node.kind == Node::Kind::mapping) refuse_duplicates(node);
    place(std::move(node));
  }

  void place(Node node) {
    if (++values_ > most_values) {
      stop(node.offset, 1, "E011", fmt::format("more than {} values", most_values), "a config file holds options only");
    }
    if (open_.empty()) {
      document_.root = std::move(node);
      return;
    }
    Node& parent = open_.back();
    if (parent.kind == Node::Kind::mapping && parent.items.size() % 2 == 0) refuse_odd_key(node);
    parent.items.push_back(std::move(node));
  }

  void refuse_odd_key(const Node& key) {
    if (key.kind == Node::Kind::scalar && (key.text != "<<" || key.quoted)) return;
    if (key.kind == Node::Kind::scalar) {
      fail(key.offset, key.length, "E017", "merge keys are not allowed in a config file",
           "write the options themselves");
    } else {
      fail(key.offset, 1, "E022", "a key has to be a name", "write KEY: value");
    }
  }

  void refuse_duplicates(const Node& mapping) {
    std::unordered_map<std::string_view, std::size_t> first;
    for (std::size_t i = 0; i + 1 < mapping.items.size(); i += 2) {
      const Node& key = mapping.items[i];
      if (key.kind != Node::Kind::scalar) continue;
      const auto [seen, is_new] = first.emplace(key.text, key.offset);
      if (is_new) continue;
      fail(key.offset, key.length, "E021", fmt::format("the key '{}' is written twice", shown(key.text)),
           fmt::format("remove one of them; the first one is on line {}", source_.line_number(seen->second)));
    }
  }

  const Source& source_;
  YamlDocument& document_;
  std::vector<Node> open_;
  std::optional<std::size_t> refused_at_;
  std::size_t values_ = 0;
  int documents_ = 0;
};

void parse(const Source& source, YamlDocument& document) {
  Builder builder(source, document);
  std::istringstream stream{std::string(source.text())};
  try {
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
    return;
  } catch (const Stop&) {
  } catch (const YAML::Exception& failure) {
    const std::size_t offset = source.offset(failure.mark.line, failure.mark.column);
    document.errors.push_back(syntax_error(source, offset, failure.msg));
    builder.refuse_last_value(offset);
  }
  document.stopped = true;
  builder.salvage();
}

}  // namespace

YamlDocument read_yaml(const Source& source) {
  YamlDocument document;
  if (auto refused = refuse_bytes(source)) {
    document.errors.push_back(*std::move(refused));
    document.stopped = true;
  } else {
    parse(source, document);
  }
  return document;
}

}  // namespace smflow::config
