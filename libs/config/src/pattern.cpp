#include "utf8.hpp"

#include <utility>

#include <smflow/config/pattern.hpp>

namespace smflow::config {

// Which steps are waiting for the next character, each at most once.
struct Pattern::Threads {
  explicit Threads(std::size_t steps) : seen(steps, false) {}
  void clear() {
    reading.clear();
    seen.assign(seen.size(), false);
    accepted = false;
  }

  std::vector<std::size_t> reading;
  std::vector<bool> seen;
  std::vector<std::size_t> pending;
  bool accepted = false;
};

void Pattern::follow(Threads& threads, std::size_t step) const {
  threads.pending.push_back(step);
  while (!threads.pending.empty()) {
    const std::size_t at = threads.pending.back();
    threads.pending.pop_back();
    if (threads.seen[at]) continue;
    threads.seen[at] = true;
    const Step& now = steps_[at];
    switch (now.action) {
      case Step::Do::read:
        threads.reading.push_back(at);
        break;
      case Step::Do::accept:
        threads.accepted = true;
        break;
      case Step::Do::fork:
        threads.pending.push_back(now.other);
        [[fallthrough]];
      case Step::Do::jump:
        threads.pending.push_back(now.next);
        break;
    }
  }
}

bool Pattern::matches(std::string_view text) const {
  Threads now(steps_.size());
  Threads then(steps_.size());
  follow(now, 0);
  for_each_character(text, [&](Character character) {
    then.clear();
    for (const std::size_t at : now.reading) {
      const Step& step = steps_[at];
      bool inside = false;
      for (const Range& range : step.ranges) inside |= range.first <= character.code && character.code <= range.last;
      if (inside != step.negated) follow(then, at + 1);
    }
    std::swap(now, then);
  });
  return now.accepted;
}

}  // namespace smflow::config
