#pragma once

#include <optional>
#include <string_view>

namespace smflow::preflight {

// Whether a role's trust policy (JSON of the IAM policy grammar) lets SageMaker assume the role. Conditions are taken
// as met in an Allow and as not met in a Deny. None when the text is no policy.
std::optional<bool> trusts_sagemaker(std::string_view policy);

}  // namespace smflow::preflight
