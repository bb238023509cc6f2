#pragma once

#include <smflow/plan/job_plan.hpp>
#include <smflow/preflight/finding.hpp>
#include <smflow/preflight/services.hpp>

namespace smflow::preflight {

// Lines as smflow's own training program logs them.
std::vector<std::string> sample_lines();

// Looks for what would make the job of a plan fail late (E200 to E209, E213 to E219, E226, E229, E231, E233, E235,
// E237 to E240). Changes nothing. Independent checks run at the same time; the findings have the order of the checks
// all the same. What may not be read, and a service that does not answer, is a warning; without credentials nothing on
// AWS is checked, and that is an error (E4xx). `services` is for a job on SageMaker only; a local job has none. Metric
// patterns are tried on `samples`, lines of the program's log.
Findings run_checks(const plan::JobPlan& plan, Services* services,
                    const std::vector<std::string>& samples = sample_lines());

}  // namespace smflow::preflight
