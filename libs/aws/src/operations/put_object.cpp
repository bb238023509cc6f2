#include "operations/s3_call.hpp"

namespace smflow::aws {

Outcome<std::string> put_object(Client& client, const PutObjectInput& input) {
  ApiCall call = object_call("PutObject", "PUT", input.object, input.cancel);
  call.headers.push_back({"Content-Type", content_type_of(input.object.key)});
  if (input.only_new) call.headers.push_back({"If-None-Match", "*"});
  auto etag = put_checked(client, std::move(call), input.body, input.crc64nvme);
  if (etag || !input.only_new || etag.error().kind != AwsError::Kind::conflict || etag.error().attempts < 2)
    return etag;
  const auto head = head_object(client, input.object, input.cancel);
  const bool ours = head && head->size == input.body->size() && head->checksum == crc64nvme_of(input.crc64nvme);
  return ours ? head->etag : etag;
}

}  // namespace smflow::aws
