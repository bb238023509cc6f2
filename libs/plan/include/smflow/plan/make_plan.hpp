#pragma once

#include <smflow/base/clock.hpp>
#include <smflow/base/random.hpp>
#include <smflow/plan/job_configs.hpp>
#include <smflow/plan/job_plan.hpp>

namespace smflow::plan {

// Where a run keeps its things in the results bucket.
struct RunPlan {
  JobPlan job;
  std::string bucket_uri;     // "s3://name", or "file:///absolute/folder"
  std::string record_prefix;  // the record's key in the bucket
  std::string channel_file;   // the training config's name below <record_prefix>/config/train/
};

// The plan of a run: a function of the configs, the time and the randomness of the job's name. Looks at the disk only
// to see that local inputs are there. All errors at once (E062 to E065, E069 to E072).
tl::expected<RunPlan, ConfigErrors> make_plan(const JobConfigs& configs, WallTime now, RandomSource& random);

// What SageMaker would refuse (E071, E072) of a plan that was changed after it was made.
ConfigErrors limit_errors(const JobConfigs& configs, const JobPlan& plan);

// A file:// location made absolute, a bucket's name made a URI, anything else as it is.
std::string location_uri(const std::string& location);

// What the training program's log lines are searched for: the five values of the original project, in any notation.
std::vector<MetricDefinition> default_metric_definitions();

}  // namespace smflow::plan
