#include "source.hpp"

#include "utf8.hpp"

#include <algorithm>
#include <utility>

#include <smflow/base/redact.hpp>
#include <smflow/base/text.hpp>

namespace smflow::config {

namespace {

// Bytes on either side of the place that are looked at; wide enough that no credential of the part shown is cut in two.
constexpr std::size_t widest_excerpt = 600;
constexpr std::size_t shown_before = 80;  // characters of a long line left of the caret
constexpr std::size_t shown_length = 60;  // at and right of it

std::string_view utf8_suffix(std::string_view text, std::size_t bytes) {
  return text.size() <= bytes ? text : text.substr(utf8_prefix(text, text.size() - bytes).size());
}

std::string cut_end(const std::string& text, std::size_t characters) {
  if (count_characters(text) <= characters) return text;
  return std::string(utf8_prefix_characters(text, characters)) + "…";
}

std::string cut_begin(const std::string& text, std::size_t characters) {
  const std::size_t count = count_characters(text);
  if (count <= characters) return text;
  return "…" + text.substr(utf8_prefix_characters(text, count - characters).size());
}

}  // namespace

Source::Source(std::string name, std::string text) : name_(std::move(name)), text_(std::move(text)) {
  line_starts_.push_back(0);
  for (std::size_t at = 0; (at = text_.find('\n', at)) != std::string::npos;) line_starts_.push_back(++at);
}

std::size_t Source::offset(int line, int column) const {
  if (line < 0 || column < 0) return 0;
  if (line >= line_count()) return text_.size();
  return std::min(line_starts_[static_cast<std::size_t>(line)] + static_cast<std::size_t>(column), text_.size());
}

int Source::line_number(std::size_t offset) const {
  return static_cast<int>(std::upper_bound(line_starts_.begin(), line_starts_.end(), offset) - line_starts_.begin());
}

std::optional<Where> Source::where(std::size_t offset) const {
  if (name_.empty()) return std::nullopt;
  const int line = line_number(offset);
  const std::size_t start = line_starts_[static_cast<std::size_t>(line - 1)];
  const std::size_t column = count_characters(std::string_view(text_).substr(start, offset - start));
  return Where{.file = name_, .line = line, .column = static_cast<int>(column) + 1};
}

std::string_view Source::rest_of_line(std::size_t offset) const {
  std::string_view rest = std::string_view(text_).substr(std::min(offset, text_.size()));
  rest = rest.substr(0, rest.find('\n'));
  if (rest.ends_with('\r')) rest.remove_suffix(1);
  return rest;
}

std::string_view Source::line(int number) const {
  return rest_of_line(line_starts_[static_cast<std::size_t>(number - 1)]);
}

std::string Source::excerpt(std::size_t offset, std::size_t length) const {
  const std::size_t start = line_starts_[static_cast<std::size_t>(line_number(offset) - 1)];
  const std::string_view whole = rest_of_line(start);
  const std::size_t begin = std::min(offset - start, whole.size());
  std::string_view before = utf8_suffix(whole.substr(0, begin), widest_excerpt);
  std::string_view after = utf8_prefix(whole.substr(begin), widest_excerpt);
  std::size_t marked = std::max<std::size_t>(1, count_characters(one_line(after.substr(0, length))));

  const std::string both = std::string(before) + std::string(after);
  const std::string safe = redact(both);
  const std::string safe_before = redact(before);
  if (safe != both) {
    before = safe_before;
    after = std::string_view(safe).substr(std::min(before.size(), safe.size()));
    marked = 1;
  }
  const std::string left = cut_begin(one_line(before), shown_before);
  const std::string right = cut_end(one_line(after), shown_length);
  marked = std::min(marked, std::max<std::size_t>(1, count_characters(right)));
  return left + right + "\n" + std::string(count_characters(left), ' ') + std::string(marked, '^');
}

Error Source::error(std::size_t offset, std::size_t length, std::string code, std::string message,
                    std::string fix) const {
  return {.code = std::move(code),
          .exit = ExitCode::configuration,
          .message = std::move(message),
          .fix = std::move(fix),
          .where = where(offset),
          .excerpt = excerpt(offset, length)};
}

std::string one_line(std::string_view text) {
  static constexpr std::pair<std::string_view, std::string_view> breaks[] = {
      {"\n", "\\n"}, {"\t", " "}, {"\xE2\x80\xA8", "\\u2028"}, {"\xE2\x80\xA9", "\\u2029"}};
  std::string line = printable(text);
  for (const auto& [found, escaped] : breaks) {
    for (std::size_t at = 0; (at = line.find(found, at)) != std::string::npos; at += escaped.size()) {
      line.replace(at, found.size(), escaped);
    }
  }
  return line;
}

std::string shown(std::string_view text) {
  return cut_end(one_line(redact(text.substr(0, 4096))), 60);
}

}  // namespace smflow::config
