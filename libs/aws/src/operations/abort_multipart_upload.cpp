#include "operations/s3_call.hpp"

#include <thread>

namespace smflow::aws {

Outcome<void> abort_multipart_upload(Client& client, const MultipartUpload& upload) {
  // It follows a failure, also that of the network: the one who waits for it gets an answer soon.
  constexpr std::chrono::seconds longest{3};
  std::stop_source late;
  const std::jthread timer([&](const std::stop_token& done) {
    if (http::sleep_unless_stopped(longest, done)) late.request_stop();
  });
  ApiCall call = object_call("AbortMultipartUpload", "DELETE", upload.object, late.get_token());
  call.query = {{"uploadId", upload.id}};
  call.limits.total = longest;
  const auto answer = client.call(call);
  if (answer || answer.error().code == "NoSuchUpload") return {};
  return tl::unexpected(answer.error());
}

}  // namespace smflow::aws
