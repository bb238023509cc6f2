#pragma once

#include <string>
#include <string_view>

namespace smflow::cli {

// AWS's Deep Learning Containers (https://github.com/aws/deep-learning-containers) lie in every region, in an account
// of its own in some: `image`, the name of one, as `region` has it. Any other image, and any for a region that is not
// known to have them, stays as it is.
std::string deep_learning_container_in(const std::string& image, std::string_view region);

}  // namespace smflow::cli
