#include "source_revision.hpp"

#include <charconv>
#include <chrono>

#include <smflow/base/process.hpp>

namespace smflow::cli {

SourceRevision source_revision(const std::filesystem::path& folder) {
  constexpr ProcessLimits limits{.time = std::chrono::seconds(5)};
  const std::string place = folder.string();
  const auto head = run_process({"git", "-C", place, "log", "-1", "--format=%H %ct"}, limits);
  if (!head || head->exit_code != 0) return {};
  const std::size_t space = std::min(head->out.find(' '), head->out.size());
  SourceRevision revision{.commit = head->out.substr(0, space)};
  std::int64_t seconds = 0;
  std::from_chars(head->out.data() + space + 1, head->out.data() + head->out.size(), seconds);
  revision.committed = WallTime(std::chrono::seconds(seconds));
  const auto changes = run_process({"git", "-C", place, "status", "--porcelain", "--", "."}, limits);
  revision.dirty = !changes || changes->exit_code != 0 || !changes->out.empty();
  return revision;
}

}  // namespace smflow::cli
