#pragma once

#include <smflow/plan/job_plan.hpp>
#include <smflow/preflight/finding.hpp>
#include <smflow/preflight/services.hpp>

namespace smflow::preflight {

// What the checks of a job on SageMaker look at.
struct Subject {
  const plan::JobPlan& plan;
  Services& services;
  aws::CallerIdentity caller;
};

// The execution role exists and trusts SageMaker (E202 to E204).
Findings check_role(const Subject& subject);
// The caller may pass the role to SageMaker (E205).
Findings check_pass_role(const Subject& subject);
// The image is there, is one image, and runs on the machine (E206 to E209), and has the schema that
// the training config was checked with (E238).
Findings check_image(const Subject& subject);
// The results bucket is there and in the job's region (E213, E214).
Findings check_results_bucket(const Subject& subject);
// The training data is there, fits on the disk, and its keys can be files (E213 to E218, E239, E240).
Findings check_data(const Subject& subject);
// The instance type is known and its quotas allow this job, beside those that run (E219, E226, E235).
Findings check_quotas(const Subject& subject);

// A key for disks that cannot have one (E233).
Findings check_disks(const plan::JobPlan& plan);
// Metric patterns are regular expressions with one group that find a number in the samples (E229, E231).
Findings check_metrics(const plan::JobPlan& plan, const std::vector<std::string>& samples);
// The folder of a local job's data holds files (E215).
Findings check_local_data(const plan::JobPlan& plan);

}  // namespace smflow::preflight
