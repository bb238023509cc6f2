#include "operations/s3_call.hpp"

namespace smflow::aws {

Outcome<std::string> head_bucket(Client& client, const std::string& bucket, std::stop_token cancel) {
  const auto answer = client.call(object_call("HeadBucket", "HEAD", {bucket, ""}, cancel));
  if (!answer) return tl::unexpected(answer.error());
  const std::string region = header_of(*answer, "x-amz-bucket-region");
  if (!region.empty()) return region;
  const auto endpoint = client.endpoint(bucket);
  return endpoint ? endpoint->region : client.region();
}

}  // namespace smflow::aws
