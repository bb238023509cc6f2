#include "log_pattern.hpp"

#include <algorithm>

#include <smflow/base/text.hpp>

namespace smflow::emulator {

std::optional<LogPattern> LogPattern::parse(std::string_view text) {
  LogPattern pattern;
  text = trim(text);
  if (text.starts_with('{') || text.starts_with('[') || text.starts_with('%')) return {};
  while (!text.empty()) {
    const char sign = text.front() == '-' || text.front() == '?' ? text.front() : ' ';
    if (sign != ' ') text.remove_prefix(1);
    const bool quoted = text.starts_with('"');
    if (quoted) text.remove_prefix(1);
    const std::size_t end = text.find(quoted ? '"' : ' ');
    if (quoted && end == std::string_view::npos) return {};
    std::vector<std::string>& terms = sign == '-' ? pattern.none_ : (sign == '?' ? pattern.any_ : pattern.all_);
    terms.emplace_back(text.substr(0, end));
    text = end == std::string_view::npos ? "" : trim(text.substr(end + 1));
  }
  return pattern;
}

bool LogPattern::matches(std::string_view message) const {
  const auto is_there = [&](const std::string& term) { return message.find(term) != std::string_view::npos; };
  return std::all_of(all_.begin(), all_.end(), is_there) && std::none_of(none_.begin(), none_.end(), is_there) &&
         (any_.empty() || std::any_of(any_.begin(), any_.end(), is_there));
}

}  // namespace smflow::emulator
