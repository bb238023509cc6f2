#pragma once

#include "aws_access.hpp"
#include "session.hpp"

#include <smflow/base/json.hpp>
#include <smflow/plan/job_configs.hpp>
#include <smflow/plan/job_plan.hpp>
#include <smflow/preflight/preflight.hpp>

namespace smflow::cli {

// Every check of a job, with the place in the config file that each finding is about. AWS is only read, and only for a
// job on SageMaker.
preflight::Findings preflight_findings(const plan::JobConfigs& configs, const plan::JobPlan& plan, AwsAccess& access);

// One line a check, on a stream of data.
void print_findings(const Session& session, const preflight::Findings& findings);
// {"schema":"smflow.check/1","findings":[{"check","severity","code","message","where","fix","exit","docs"}]}
OrderedJson findings_as_json(const preflight::Findings& findings);

// Shows the warnings; a CommandFailure with all errors when there is one.
void require_passed(const preflight::Findings& findings, Screen& screen);

}  // namespace smflow::cli
