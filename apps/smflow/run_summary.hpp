#pragma once

#include "session.hpp"

#include <string>
#include <utility>
#include <vector>

#include <smflow/base/error.hpp>
#include <smflow/plan/make_plan.hpp>
#include <smflow/plan/training_service.hpp>

namespace smflow::cli {

// Names and URIs: "model", "s3://...". Those on this machine are there.
using Places = std::vector<std::pair<std::string, std::string>>;
Places places_of(const plan::RunPlan& plan, const plan::JobDescription& job);
// What the description alone tells.
Places places_of(const plan::JobDescription& job);

struct Summary {
  const plan::JobDescription& job;
  Places places = {};
  std::vector<std::string> last_lines = {};  // of the host that failed
  std::vector<Error> warnings = {};
};
// How the job ended and where everything is: text on `screen`, and with --json one {"event":"result"} on `out`.
void print_summary(const Session& session, Screen& screen, const Summary& summary);

// Of a command that followed the job to its end, and of one that a signal ended.
int exit_code_of(const plan::JobDescription& job);
int exit_code_of_signal(int signal);

}  // namespace smflow::cli
