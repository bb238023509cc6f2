#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace smflow::emulator {

// A filter pattern of CloudWatch Logs for plain text: every term has to be in the message, "-term" must not, and of the
// terms written "?term" one is enough. A term with other characters than letters, digits and '_' stands in double
// quotes. Upper and lower case differ.
class LogPattern {
 public:
  // None for the forms that look into JSON or columns, or for a quote that is not closed.
  static std::optional<LogPattern> parse(std::string_view text);
  bool matches(std::string_view message) const;

 private:
  std::vector<std::string> all_, none_, any_;
};

}  // namespace smflow::emulator
