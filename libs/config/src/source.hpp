#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <smflow/base/error.hpp>

namespace smflow::config {

// A text from outside and where it came from, for errors that show the place. A file has a name; an override or an
// environment variable has none, and its excerpt alone says where it was.
class Source {
 public:
  Source(std::string name, std::string text);

  const std::string& name() const { return name_; }
  std::string_view text() const { return text_; }
  // The byte at a line and column (bytes) counted from 0, as yaml-cpp counts; clamped to the text.
  std::size_t offset(int line, int column) const;
  int line_number(std::size_t offset) const;  // from 1
  std::optional<Where> where(std::size_t offset) const;
  // From `offset` to the end of its line, without the line break.
  std::string_view rest_of_line(std::size_t offset) const;
  std::string_view line(int number) const;  // from 1
  int line_count() const { return static_cast<int>(line_starts_.size()); }
  // The line with `length` bytes from `offset` marked below: two lines without a final newline. Long lines are cut,
  // credentials redacted, control characters escaped.
  std::string excerpt(std::size_t offset, std::size_t length) const;

  Error error(std::size_t offset, std::size_t length, std::string code, std::string message,
              std::string fix = {}) const;

 private:
  std::string name_;
  std::string text_;
  std::vector<std::size_t> line_starts_;
};

// The text on one line for every reader, of YAML too: line breaks and control characters escaped, tabs as spaces.
std::string one_line(std::string_view text);

// Text from outside inside a message: one line, at most 60 characters, no control characters, no credentials.
std::string shown(std::string_view text);

}  // namespace smflow::config
