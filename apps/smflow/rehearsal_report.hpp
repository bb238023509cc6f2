#pragma once

#include "session.hpp"

#include <memory>

#include <smflow/base/clock.hpp>
#include <smflow/rehearsal/verdict.hpp>

namespace smflow::cli {

// What a rehearsal is at, for people.
std::unique_ptr<rehearsal::RehearsalObserver> make_rehearsal_view(Screen& screen, const Clock& clock,
                                                                  const rehearsal::SpotOptions& options);

// The verdict and what it rests on, on a stream of data: text, or with --json what to_json says.
void print_rehearsal(const Session& session, const rehearsal::Report& report);

}  // namespace smflow::cli
