#include "source_revision.hpp"

#include <charconv>
#include <chrono>
#include <optional>

#include <smflow/base/process.hpp>
#include <smflow/base/text.hpp>

namespace smflow::cli {

namespace {

constexpr ProcessLimits limits{.time = std::chrono::seconds(5)};

// None when git does not say.
std::optional<std::vector<std::string>> ignored_by_git(const std::string& place,
                                                       const std::vector<std::string>& paths) {
  constexpr std::size_t at_once = 500;  // a command line has an end
  std::vector<std::string> ignored;
  for (std::size_t begin = 0; begin < paths.size(); begin += at_once) {
    std::vector<std::string> command{"git", "-C", place, "-c", "core.quotePath=false", "check-ignore", "--"};
    const std::size_t end = std::min(begin + at_once, paths.size());
    for (std::size_t index = begin; index < end; ++index) command.push_back(paths[index]);
    const auto said = run_process(command, limits);
    if (!said || said->exit_code > 1) return std::nullopt;
    for (const std::string& line : split(said->out, '\n')) {
      if (!line.empty()) ignored.push_back(line);
    }
  }
  return ignored;
}

}  // namespace

SourceRevision source_revision(const std::filesystem::path& folder, const std::vector<std::string>& paths) {
  const std::string place = folder.string();
  const auto head = run_process({"git", "-C", place, "log", "-1", "--format=%H %ct"}, limits);
  if (!head || head->exit_code != 0) return {};
  const std::size_t space = std::min(head->out.find(' '), head->out.size());
  SourceRevision revision{.commit = head->out.substr(0, space)};
  std::int64_t seconds = 0;
  std::from_chars(head->out.data() + space + 1, head->out.data() + head->out.size(), seconds);
  revision.committed = WallTime(std::chrono::seconds(seconds));
  // Without locks, as .git may be in the build's context, whose files are not to change.
  const auto changes =
      run_process({"git", "--no-optional-locks", "-C", place, "status", "--porcelain", "--", "."}, limits);
  const auto ignored = ignored_by_git(place, paths);
  revision.dirty = !changes || changes->exit_code != 0 || !changes->out.empty() || !ignored || !ignored->empty();
  revision.ignored = ignored.value_or(std::vector<std::string>());
  return revision;
}

}  // namespace smflow::cli
