#include "last_lines.hpp"

#include <algorithm>
#include <array>

namespace smflow::cli {

namespace {

bool speaks_of_an_error(const std::string& line) {
  constexpr std::array words{"rror", "ERROR", "Traceback", "xception", "Killed", "terminate called", "Segmentation"};
  return std::any_of(words.begin(), words.end(),
                     [&](const char* word) { return line.find(word) != std::string::npos; });
}

// "algo-1" is not named by "algo-12".
bool names(const std::string& reason, const std::string& host) {
  for (std::size_t at = reason.find(host); at != std::string::npos; at = reason.find(host, at + 1)) {
    const std::size_t end = at + host.size();
    if (end == reason.size() || reason[end] < '0' || reason[end] > '9') return true;
  }
  return false;
}

}  // namespace

void LastLines::on_log(std::string_view host, std::string_view line, WallTime time) {
  auto found = hosts_.find(host);
  if (found == hosts_.end()) found = hosts_.emplace(host, std::deque<std::string>()).first;
  found->second.emplace_back(line);
  if (found->second.size() > last_line_count) found->second.pop_front();
  latest_ = found->first;
  ForwardingObserver::on_log(host, line, time);
}

std::string LastLines::failed_host(const std::string& reason) const {
  for (const auto& [host, lines] : hosts_) {
    if (names(reason, host)) return host;
  }
  for (const auto& [host, lines] : hosts_) {
    if (std::any_of(lines.begin(), lines.end(), speaks_of_an_error)) return host;
  }
  return latest_;
}

std::vector<std::string> LastLines::of_failed_host(const std::string& reason) const {
  const auto found = hosts_.find(failed_host(reason));
  if (found == hosts_.end()) return {};
  std::vector<std::string> lines(found->second.begin(), found->second.end());
  if (hosts_.size() > 1) {
    for (std::string& line : lines) line = found->first + " │ " + line;
  }
  return lines;
}

}  // namespace smflow::cli
