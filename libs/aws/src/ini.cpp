#include "lower_case.hpp"

#include <smflow/aws/ini.hpp>
#include <smflow/base/text.hpp>

namespace smflow::aws {

namespace {

struct KeyAndValue {
  std::string key;
  std::string value;
};

// None when there is no separator or no key.
std::optional<KeyAndValue> split_pair(std::string_view line, std::string_view separators) {
  const std::size_t at = line.find_first_of(separators);
  if (at == std::string_view::npos || trim(line.substr(0, at)).empty()) return std::nullopt;
  return KeyAndValue{lower_case(trim(line.substr(0, at))), std::string(trim(line.substr(at + 1)))};
}

class Parser {
 public:
  explicit Parser(const std::string& what) : what_(what) {}

  Result<void> line(std::string_view text) {
    ++number_;
    const std::string_view trimmed = trim(text);
    if (trimmed.empty() || trimmed.front() == '#' || trimmed.front() == ';') return {};
    const std::size_t indent = text.find_first_not_of(" \t");
    if (current_ != nullptr && indent > indent_) return indented(trimmed);
    indent_ = indent;
    if (trimmed.front() == '[') return section(trimmed);
    return value(trimmed);
  }
  std::vector<IniSection> take() { return std::move(sections_); }

 private:
  Result<void> section(std::string_view text) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return fault("a section's name has no ']'");
    current_ = nullptr;
    sections_.push_back({std::string(trim(text.substr(1, end - 1))), {}});
    return {};
  }

  Result<void> value(std::string_view text) {
    if (sections_.empty()) return fault("a value stands before the first [section]");
    auto pair = split_pair(text, "=:");
    if (!pair) return fault("the line is not 'key = value'");
    current_ = &sections_.back().values[pair->key];
    *current_ = {std::move(pair->value)};
    return {};
  }

  Result<void> indented(std::string_view text) {
    if (!current_->text.empty()) {
      current_->text.append("\n").append(text);
      return {};
    }
    auto pair = split_pair(text, "=");
    if (!pair) return fault("the indented line is not 'key = value'");
    current_->nested[pair->key] = std::move(pair->value);
    return {};
  }

  tl::unexpected<Error> fault(const std::string& why) const {
    return tl::unexpected(Error{.code = "E403",
                                .exit = ExitCode::configuration,
                                .message = "'" + what_ + "' cannot be read: " + why,
                                .fix = "correct the line, or name another file in AWS_CONFIG_FILE",
                                .where = Where{what_, number_, 1}});
  }

  const std::string& what_;
  std::vector<IniSection> sections_;
  IniValue* current_ = nullptr;
  std::size_t indent_ = 0;  // of the line that `current_` began on
  int number_ = 0;
};

}  // namespace

Result<std::vector<IniSection>> parse_ini(std::string_view text, const std::string& what) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  Parser parser(what);
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (auto read = parser.line(text.substr(0, end)); !read) return tl::unexpected(std::move(read).error());
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return parser.take();
}

}  // namespace smflow::aws
