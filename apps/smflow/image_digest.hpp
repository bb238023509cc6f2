#pragma once

#include "aws_access.hpp"

#include <string>

namespace smflow::cli {

// "sha256:..." of an image in Amazon ECR, or of one that is named by its digest; empty when nobody can tell.
std::string image_digest(const std::string& uri, AwsAccess& access);

}  // namespace smflow::cli
