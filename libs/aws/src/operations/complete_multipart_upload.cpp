#include "operations/s3_call.hpp"
#include "xml.hpp"

#include <sstream>

#include <smflow/aws/checksum.hpp>
#include <smflow/aws/protocol.hpp>

namespace smflow::aws {

namespace {

// S3 keeps silent, or sends white space, while it puts many parts together.
constexpr std::chrono::minutes longest_silence{10};

std::string body_text(const std::vector<UploadedPart>& parts) {
  pugi::xml_document document;
  pugi::xml_node root = document.append_child("CompleteMultipartUpload");
  root.append_attribute("xmlns") = "http://s3.amazonaws.com/doc/2006-03-01/";
  for (const UploadedPart& part : parts) {
    pugi::xml_node node = root.append_child("Part");
    node.append_child("PartNumber").text() = part.number;
    node.append_child("ETag").text() = part.etag.c_str();
  }
  std::ostringstream out;
  document.save(out, "", pugi::format_raw | pugi::format_no_declaration);
  return out.str();
}

bool is_there(Client& client, const CompleteInput& input) {
  const auto head = head_object(client, input.upload.object, input.cancel);
  return head && head->size == input.size && head->checksum == crc64nvme_of(input.crc64nvme);
}

}  // namespace

Outcome<void> complete_multipart_upload(Client& client, const CompleteInput& input) {
  ApiCall call = object_call("CompleteMultipartUpload", "POST", input.upload.object, input.cancel);
  call.query = {{"uploadId", input.upload.id}};
  call.headers = {{"Content-Type", "application/xml"}, {"x-amz-mp-object-size", std::to_string(input.size)}};
  if (client.sends_checksums()) {
    call.headers.push_back({crc64nvme_header, checksum_text(input.crc64nvme)});
    call.headers.push_back({"x-amz-checksum-type", "FULL_OBJECT"});
  }
  if (input.only_new) call.headers.push_back({"If-None-Match", "*"});
  call.body = http::body_of(body_text(input.parts));
  call.limits.stall = longest_silence;
  call.limits.floor = 1;
  call.xml_answer = true;
  const auto answer = client.call(call);
  if (answer) {
    const auto document = parse_xml(answer->response.body);
    if (document && document->child("CompleteMultipartUploadResult")) return {};
    return tl::unexpected(bad_answer(client, call.operation, *answer, "the answer does not say that it is complete"));
  }
  const AwsError& error = answer.error();
  const bool done_before = error.code == "NoSuchUpload" || error.kind == AwsError::Kind::conflict;
  const bool lost = done_before && error.attempts > 1;
  if (lost && is_there(client, input)) return {};
  return tl::unexpected(error);
}

}  // namespace smflow::aws
