#pragma once

#include "session.hpp"

#include <smflow/plan/make_plan.hpp>
#include <smflow/records/recorded_run.hpp>

namespace smflow::cli {

// How the job ended and where everything is: text on `screen`, and with --json one {"event":"result"} on `out`.
void print_summary(const Session& session, Screen& screen, const plan::RunPlan& plan, const records::RunResult& result);

}  // namespace smflow::cli
