#include "operations/s3_call.hpp"

namespace smflow::aws {

Outcome<std::string> upload_part(Client& client, const UploadPartInput& input) {
  ApiCall call = object_call("UploadPart", "PUT", input.upload.object, input.cancel);
  call.query = {{"partNumber", std::to_string(input.number)}, {"uploadId", input.upload.id}};
  return put_checked(client, std::move(call), input.body, input.crc64nvme);
}

}  // namespace smflow::aws
