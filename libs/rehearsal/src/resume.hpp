#pragma once

#include <smflow/rehearsal/verdict.hpp>

namespace smflow::rehearsal {

// The work that an interruption met.
struct Reached {
  std::optional<std::int64_t> step = {};
  bool is_exact = false;  // false: there may have been more than was told
};

// The most steps between two that the program tells.
std::int64_t told_every(const Trace& reference);

Resume resume_of(const Trace& reference, const Reached& reached, const StartFacts& next);

}  // namespace smflow::rehearsal
