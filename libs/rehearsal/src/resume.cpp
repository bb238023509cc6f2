#include "resume.hpp"

#include <algorithm>
#include <set>

namespace smflow::rehearsal {

namespace {

Resume after_step(std::int64_t at, const Reached& reached, std::int64_t every) {
  return {.way = at > 0 ? Way::step : Way::start,
          .at = at,
          .lost_steps = std::max<std::int64_t>(0, reached.step.value_or(at) - at),
          .lost_is_exact = every == 1 || reached.is_exact};
}

// Where not every step is told, one that is told again may have been done by another start than the first one's.
Resume before_step(std::int64_t next, const Trace& reference, const Reached& reached, std::int64_t every) {
  Resume resume{.way = Way::step,
                .next_step = next,
                .lost_steps = std::max<std::int64_t>(0, reached.step.value_or(next - 1) - next + 1),
                .lost_is_exact = every == 1};
  if (next <= reference.first.value_or(0)) {
    resume.way = every > 1 && resume.lost_steps <= every ? Way::untold : Way::start;
  } else if (every == 1) {
    resume.at = next - 1;
  }
  return resume;
}

}  // namespace

std::int64_t told_every(const Trace& reference) {
  std::set<std::int64_t> steps;
  for (const records::MetricSeries& series : reference.metrics.series) {
    for (const records::MetricPoint& point : series.points) steps.insert(point.step);
  }
  std::int64_t every = 1;
  std::int64_t before = 0;
  for (const std::int64_t step : steps) {
    every = std::max(every, step - before);
    before = step;
  }
  return every;
}

Resume resume_of(const Trace& reference, const Reached& reached, const StartFacts& next) {
  const std::int64_t every = told_every(reference);
  if (next.trace.resumed_at) return after_step(*next.trace.resumed_at, reached, every);
  if (next.trace.first) return before_step(*next.trace.first, reference, reached, every);
  const bool all_is_done = reached.step && reached.step >= reference.last;
  if (all_is_done && next.job.status == plan::JobStatus::Completed) return {.way = Way::nothing_left};
  return {};
}

}  // namespace smflow::rehearsal
