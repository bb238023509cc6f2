#pragma once

#include <optional>
#include <string_view>

#include <smflow/aws/operations/ecr.hpp>

namespace smflow::preflight {

// An image in Amazon ECR: "ACCOUNT.dkr.ecr.REGION.SUFFIX/repository:tag" or "...@sha256:...".
struct EcrImage {
  std::string region;
  aws::RepositoryName repository;
  aws::ImageId id;
};
// None for an image that is elsewhere. Without tag and digest it is "latest".
std::optional<EcrImage> parse_ecr_image(std::string_view uri);

}  // namespace smflow::preflight
