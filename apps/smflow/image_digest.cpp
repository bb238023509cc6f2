#include "image_digest.hpp"

#include <smflow/preflight/image_name.hpp>

namespace smflow::cli {

std::string image_digest(const std::string& uri, AwsAccess& access) {
  const std::size_t at = uri.rfind("@sha256:");
  const std::string named = at == std::string::npos ? std::string() : uri.substr(at + 1);
  const auto image = preflight::parse_ecr_image(uri);
  if (!image) return named;
  AwsAccess there({.region = image->region});
  const bool is_here = access.client(aws::ecr).region() == image->region;
  const auto detail = aws::describe_image((is_here ? access : there).client(aws::ecr), image->repository, image->id);
  if (detail) return detail->digest;
  return detail.error().kind == aws::AwsError::Kind::not_found ? std::string() : named;
}

}  // namespace smflow::cli
