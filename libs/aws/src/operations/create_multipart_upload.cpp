#include "operations/s3_call.hpp"
#include "xml.hpp"

#include <smflow/aws/protocol.hpp>

namespace smflow::aws {

Outcome<MultipartUpload> create_multipart_upload(Client& client, const ObjectName& object, std::stop_token cancel) {
  ApiCall call = object_call("CreateMultipartUpload", "POST", object, std::move(cancel));
  call.query = {{"uploads", ""}};
  call.headers = {{"Content-Type", content_type_of(object.key)}};
  if (client.sends_checksums()) {
    call.headers.push_back({"x-amz-checksum-algorithm", "CRC64NVME"});
    call.headers.push_back({"x-amz-checksum-type", "FULL_OBJECT"});
  }
  call.xml_answer = true;
  const auto answer = client.call(call);
  if (!answer) return tl::unexpected(answer.error());
  const auto document = parse_xml(answer->response.body);
  std::string id = document ? child_text(document->child("InitiateMultipartUploadResult"), "UploadId") : "";
  if (id.empty()) return tl::unexpected(bad_answer(client, call.operation, *answer, "the answer holds no upload id"));
  return MultipartUpload{object, std::move(id)};
}

}  // namespace smflow::aws
