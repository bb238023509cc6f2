#include "source_revision.hpp"

#include <chrono>

#include <smflow/base/process.hpp>

namespace smflow::cli {

SourceRevision source_revision() {
  constexpr ProcessLimits limits{.time = std::chrono::seconds(5)};
  const auto head = run_process({"git", "rev-parse", "HEAD"}, limits);
  if (!head || head->exit_code != 0) return {};
  const auto changes = run_process({"git", "status", "--porcelain", "--untracked-files=no"}, limits);
  return {.commit = head->out.substr(0, head->out.find('\n')),
          .dirty = !changes || changes->exit_code != 0 || !changes->out.empty()};
}

}  // namespace smflow::cli
