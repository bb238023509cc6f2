#include "instructions.hpp"

#include "shell_words.hpp"

#include <algorithm>
#include <optional>

#include <smflow/base/text.hpp>

namespace smflow::docker {

namespace {

constexpr int most_endless = 64;  // here-documents, each of which is looked for to the end of the file

struct HereDocument {
  std::string end;
  bool tabs_before_it = false;
};

std::string_view take_line(std::string_view& rest) {
  std::string_view line = rest.substr(0, rest.find('\n'));
  rest.remove_prefix(std::min(line.size() + 1, rest.size()));
  while (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

// Directives stand before all else, comments and empty lines too.
char escape_of(std::string_view dockerfile) {
  char escape = '\\';
  while (!dockerfile.empty()) {
    const std::string_view line = trim(take_line(dockerfile));
    const std::size_t sign = line.find('=');
    if (!line.starts_with('#') || sign == std::string_view::npos) break;
    const std::string name = to_upper(trim(line.substr(1, sign - 1)));
    const std::string_view value = trim(line.substr(sign + 1));
    if (name != "SYNTAX" && name != "ESCAPE" && name != "CHECK") break;
    if (name == "ESCAPE" && (value == "`" || value == "\\")) escape = value.front();
  }
  return escape;
}

// What follows the sign of "<<EOF" or "3<<EOF".
std::optional<std::string_view> after_sign(std::string_view word) {
  word.remove_prefix(std::min(word.find_first_not_of("0123456789"), word.size()));
  if (!word.starts_with("<<") || word.find('<', 2) != std::string_view::npos) return std::nullopt;
  return word.substr(2);
}

bool takes_here_documents(const std::vector<std::string_view>& words) {
  if (words.empty()) return false;
  const bool later = words.size() > 1 && to_upper(words[0]) == "ONBUILD";
  const std::string name = to_upper(words[later ? 1 : 0]);
  return name == "RUN" || name == "COPY" || name == "ADD";
}

std::vector<HereDocument> here_documents(std::string_view instruction) {
  // Their words know the backslash only, whatever the directive says.
  const std::vector<std::string_view> words = shell_words(instruction, '\\');
  std::vector<HereDocument> documents;
  if (!takes_here_documents(words)) return documents;
  for (std::size_t i = 1; i < words.size(); ++i) {
    auto name = after_sign(words[i]);
    if (!name) continue;
    const bool tabs = name->starts_with('-');
    if (tabs) name->remove_prefix(1);
    if (name->empty() && i + 1 < words.size()) name = words[++i];
    if (std::string end = unquoted(*name, '\\'); !end.empty()) documents.push_back({std::move(end), tabs});
  }
  return documents;
}

class InstructionReader {
 public:
  InstructionReader(std::string_view dockerfile, char escape) : rest_(dockerfile), escape_(escape) {}

  std::vector<std::string> read() {
    std::vector<std::string> instructions;
    while (!rest_.empty()) {
      std::string instruction = take_instruction();
      if (instruction.empty()) continue;
      for (const HereDocument& document : here_documents(instruction)) pass(document);
      instructions.push_back(std::move(instruction));
    }
    return instructions;
  }

 private:
  // Empty for a line that begins none. Comments and empty lines do not end one that goes on.
  std::string take_instruction() {
    std::string instruction;
    bool begun = false;
    for (bool goes_on = true; goes_on && !rest_.empty();) {
      std::string_view line = take_line(rest_);
      const std::string_view text = trim(line);
      if (text.empty() || text.starts_with('#')) {
        if (!begun) return {};
        continue;
      }
      begun = true;
      goes_on = cut_escape(line);
      instruction += line;
    }
    return instruction;
  }

  // From the end of a line that goes on, which one with an escaped escape does not.
  bool cut_escape(std::string_view& line) const {
    const std::size_t last = line.find_last_not_of(" \t");
    if (last == std::string_view::npos || line[last] != escape_) return false;
    if (last > 0 && line[last - 1] == escape_) return false;
    line = line.substr(0, last);
    return true;
  }

  // One that never ends is none: "$((1 << 2))".
  void pass(const HereDocument& document) {
    if (endless_ == most_endless) return;
    for (std::string_view rest = rest_; !rest.empty();) {
      std::string_view line = take_line(rest);
      if (document.tabs_before_it) line.remove_prefix(std::min(line.find_first_not_of('\t'), line.size()));
      if (line != document.end) continue;
      rest_ = rest;
      return;
    }
    ++endless_;
  }

  std::string_view rest_;
  char escape_;
  int endless_ = 0;
};

}  // namespace

Instructions read_instructions(std::string_view dockerfile) {
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  if (dockerfile.starts_with(byte_order_mark)) dockerfile.remove_prefix(byte_order_mark.size());
  const char escape = escape_of(dockerfile);
  return {.lines = InstructionReader(dockerfile, escape).read(), .escape = escape};
}

}  // namespace smflow::docker
