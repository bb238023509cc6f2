#include <charconv>
#include <string>

#include <smflow/base/files.hpp>
#include <smflow/base/text.hpp>
#include <smflow/runtime/memory_events.hpp>

namespace smflow::runtime {

namespace fs = std::filesystem;

namespace {

std::optional<std::uint64_t> parse_number(std::string_view text) {
  text = trim(text);
  std::uint64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<std::uint64_t> read_number(const fs::path& file) {
  const auto text = read_file(file, 4096);
  return text ? parse_number(*text) : std::nullopt;
}

// The number behind "oom_kill " in a file of "key number" lines.
std::optional<std::uint64_t> read_oom_kills(const fs::path& file) {
  const auto text = read_file(file, 4096);
  if (!text) return std::nullopt;
  for (const std::string& line : split(*text, '\n')) {
    if (line.substr(0, 9) == "oom_kill ") return parse_number(std::string_view(line).substr(9));
  }
  return std::nullopt;
}

// The path of this process in the hierarchy with this controller ("" is v2's single one).
std::string group_path(const fs::path& self, std::string_view controller) {
  const auto text = read_file(self, 1u << 16);
  for (const std::string& line : split(text ? *text : std::string(), '\n')) {
    const auto parts = split(line, ':');
    if (parts.size() == 3 && parts[1] == controller && parts[2].substr(0, 1) == "/") return parts[2];
  }
  return "/";
}

MemoryEvents read_v2(const fs::path& group) {
  return {read_oom_kills(group / "memory.events"), read_number(group / "memory.max"),
          read_number(group / "memory.peak")};
}

MemoryEvents read_v1(const fs::path& group) {
  // "No limit" is the largest multiple of the page size.
  static constexpr std::uint64_t unlimited = std::uint64_t{1} << 60;
  MemoryEvents events{read_oom_kills(group / "memory.oom_control"), read_number(group / "memory.limit_in_bytes"),
                      read_number(group / "memory.max_usage_in_bytes")};
  if (events.limit && *events.limit > unlimited) events.limit.reset();
  return events;
}

}  // namespace

MemoryEvents read_memory_events(const fs::path& cgroup, const fs::path& self) {
  for (const std::string& group : {group_path(self, ""), std::string("/")}) {
    const MemoryEvents events = read_v2(cgroup / group.substr(1));
    if (events.oom_kills) return events;
  }
  for (const std::string& group : {group_path(self, "memory"), std::string("/")}) {
    const MemoryEvents events = read_v1(cgroup / "memory" / group.substr(1));
    if (events.oom_kills) return events;
  }
  return {};
}

}  // namespace smflow::runtime
