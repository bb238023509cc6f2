#include "operations/s3_call.hpp"
#include "xml.hpp"

#include <smflow/aws/encoding.hpp>
#include <smflow/aws/protocol.hpp>

namespace smflow::aws {

Outcome<void> copy_object(Client& client, const ObjectName& from, const ObjectName& to) {
  ApiCall call = object_call("CopyObject", "PUT", to);
  call.headers.push_back({"x-amz-copy-source", "/" + from.bucket + "/" + percent_encode(from.key, "/")});
  call.xml_answer = true;
  const auto answer = client.call(call);
  if (!answer) return tl::unexpected(answer.error());
  const auto document = parse_xml(answer->response.body);
  if (document && document->child("CopyObjectResult")) return {};
  return tl::unexpected(bad_answer(client, call.operation, *answer, "the answer does not say that it was copied"));
}

}  // namespace smflow::aws
