#include "image_digest.hpp"

#include <smflow/preflight/image_name.hpp>

namespace smflow::cli {

std::string image_digest(const std::string& uri, AwsAccess& access) {
  if (const std::size_t at = uri.rfind("@sha256:"); at != std::string::npos) return uri.substr(at + 1);
  const auto image = preflight::parse_ecr_image(uri);
  if (!image) return {};
  const auto detail = aws::describe_image(access.client(aws::ecr), image->repository, image->id);
  return detail ? detail->digest : std::string();
}

}  // namespace smflow::cli
