#pragma once

#include "aws_access.hpp"

#include <string>

namespace smflow::cli {

// "sha256:..." of an image in Amazon ECR, or of one elsewhere that is named by its digest. Empty when it is not there,
// or nobody can tell.
std::string image_digest(const std::string& uri, AwsAccess& access);

}  // namespace smflow::cli
