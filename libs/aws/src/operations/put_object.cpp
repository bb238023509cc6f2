#include "operations/s3_call.hpp"

namespace smflow::aws {

Outcome<std::string> put_object(Client& client, const PutObjectInput& input) {
  ApiCall call = object_call("PutObject", "PUT", input.object, input.cancel);
  if (input.only_new) call.headers.push_back({"If-None-Match", "*"});
  return put_checked(client, std::move(call), input.body, input.crc64nvme);
}

}  // namespace smflow::aws
