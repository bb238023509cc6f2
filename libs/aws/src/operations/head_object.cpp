#include "operations/s3_call.hpp"

#include <smflow/aws/protocol.hpp>

namespace smflow::aws {

Outcome<ObjectHead> head_object(Client& client, const ObjectName& object, std::stop_token cancel) {
  ApiCall call = object_call("HeadObject", "HEAD", object, std::move(cancel));
  call.headers.push_back({"x-amz-checksum-mode", "ENABLED"});
  const auto answer = client.call(call);
  if (!answer) return tl::unexpected(answer.error());
  const auto size = parse_number(header_of(*answer, "Content-Length"));
  if (!size) return tl::unexpected(bad_answer(client, call.operation, *answer, "the answer does not say the size"));
  ObjectHead head = head_in(*answer);
  head.size = *size;
  return head;
}

}  // namespace smflow::aws
