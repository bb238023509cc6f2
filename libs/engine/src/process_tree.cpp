#include "process_tree.hpp"

#include <cerrno>
#include <charconv>
#include <csignal>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

#include <smflow/base/files.hpp>

namespace smflow::engine {

namespace fs = std::filesystem;

namespace {

// The parent's id in /proc/<pid>/stat, which stands after the program's name in parentheses and the state.
pid_t parent_in(const std::string& stat) {
  const std::size_t end_of_name = stat.rfind(')');
  pid_t parent = 0;
  if (end_of_name != std::string::npos && end_of_name + 4 < stat.size()) {
    std::from_chars(stat.data() + end_of_name + 4, stat.data() + stat.size(), parent);
  }
  return parent;
}

std::multimap<pid_t, pid_t> children_by_parent() {
  std::multimap<pid_t, pid_t> children;
  std::error_code unreadable;
  for (const fs::directory_entry& entry : fs::directory_iterator("/proc", unreadable)) {
    const std::string name = entry.path().filename().string();
    pid_t pid = 0;
    if (std::from_chars(name.data(), name.data() + name.size(), pid).ec != std::errc{}) continue;
    if (const auto stat = read_file(entry.path() / "stat")) children.emplace(parent_in(*stat), pid);
  }
  return children;
}

void kill_once() {
  const std::multimap<pid_t, pid_t> children = children_by_parent();
  std::vector<pid_t> found{::getpid()};
  for (std::size_t at = 0; at < found.size(); ++at) {
    const auto [begin, end] = children.equal_range(found[at]);
    for (auto child = begin; child != end; ++child) {
      ::kill(child->second, SIGKILL);
      found.push_back(child->second);
    }
  }
}

}  // namespace

// A process that forks between the look and the kill is found the next time round: its children become ours.
void kill_descendants() {
  for (;;) {
    kill_once();
    pid_t reaped = 0;
    while ((reaped = ::waitpid(-1, nullptr, WNOHANG)) > 0) {
    }
    if (reaped < 0 && errno == ECHILD) return;
    ::usleep(1000);
  }
}

}  // namespace smflow::engine
