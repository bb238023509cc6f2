#pragma once

#include <string>

#include <smflow/base/json.hpp>
#include <smflow/plan/job_plan.hpp>

namespace smflow::plan {

// Who asks, as STS and the credentials' configuration say.
struct Caller {
  std::string account;  // 12 digits
  std::string region;   // "eu-west-1"
  std::string partition = "aws";
};

// The tags smflow adds; an empty one is left out. Cut at 256 characters, and what no tag may hold becomes _.
struct RunTags {
  std::string who;
  std::string commit;
  std::string experiment;
};

// The image as SageMaker wants it: a full URI as it is, a repository completed with account, region and DNS suffix.
std::string full_image_uri(const JobPlan& plan, const Caller& caller);

// The body of CreateTrainingJob for a plan whose target is sagemaker (SageMaker API reference: CreateTrainingJob).
// Only members that are set are there. Holds the environment as it is: redact before it is shown or kept.
OrderedJson create_training_job_request(const JobPlan& plan, const Caller& caller, const RunTags& tags);

// The same request to show and to keep: secrets of the environment and the hyperparameters redacted.
OrderedJson redacted_request(OrderedJson request);

}  // namespace smflow::plan
