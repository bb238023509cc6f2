#include "operations/s3_call.hpp"

namespace smflow::aws {

Outcome<void> abort_multipart_upload(Client& client, const MultipartUpload& upload) {
  ApiCall call = object_call("AbortMultipartUpload", "DELETE", upload.object);
  call.query = {{"uploadId", upload.id}};
  // It follows a failure, also that of the network: the one who waits for it gets an answer soon.
  call.limits.total = std::chrono::seconds{3};
  const auto answer = client.call(call);
  if (answer || answer.error().code == "NoSuchUpload") return {};
  return tl::unexpected(answer.error());
}

}  // namespace smflow::aws
