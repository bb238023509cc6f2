#pragma once

#include <optional>
#include <string>

#include <smflow/plan/job_plan.hpp>
#include <smflow/preflight/finding.hpp>

namespace smflow::preflight {

// Whether the plan's training config was checked with the schema that the image's label contract::config_schema_label
// says: the image may be older or newer than the code on this machine (E238, a warning). None where one of the two has
// no schema.
std::optional<Finding> check_image_schema(const plan::JobPlan& plan, const std::string& image,
                                          const std::string& schema_of_image);

}  // namespace smflow::preflight
