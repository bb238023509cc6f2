#pragma once

#include <string>
#include <vector>

#include <smflow/plan/job_plan.hpp>

namespace smflow::plan {

struct LimitFault {
  const char* option;  // the one to change, "SAGEMAKER.TAGS"
  const char* code;    // E071 or E072
  std::string message;
  std::string fix;
};

// What SageMaker would refuse of a plan that the options' own limits let through: counts, lengths and characters
// (SageMaker API reference: CreateTrainingJob). Empty for a plan it takes as far as one can tell without asking.
std::vector<LimitFault> platform_faults(const JobPlan& plan);

}  // namespace smflow::plan
