#include "operations/s3_call.hpp"

#include <smflow/aws/protocol.hpp>

namespace smflow::aws {

Outcome<ObjectHead> head_object(Client& client, const ObjectName& object, std::stop_token cancel) {
  ApiCall call = object_call("HeadObject", "HEAD", object, std::move(cancel));
  ask_for_checksum(client, call);
  const auto answer = client.call(call);
  if (!answer) return tl::unexpected(answer.error());
  const auto size = parse_number(header_of(*answer, "Content-Length"));
  if (!size) return tl::unexpected(bad_answer(client, call.operation, *answer, "the answer does not say the size"));
  ObjectHead head = head_in(client, *answer);
  head.size = *size;
  return head;
}

Outcome<std::uint64_t> head_part(Client& client, const PartQuery& query, std::stop_token cancel) {
  ApiCall call = object_call("HeadObject", "HEAD", query.object, std::move(cancel));
  call.query = {{"partNumber", std::to_string(query.number)}};
  if (!query.if_match.empty()) call.headers.push_back({"If-Match", query.if_match});
  const auto answer = client.call(call);
  if (!answer) return tl::unexpected(answer.error());
  const auto size = parse_number(header_of(*answer, "Content-Length"));
  if (!size) return tl::unexpected(bad_answer(client, call.operation, *answer, "the answer does not say the size"));
  return *size;
}

}  // namespace smflow::aws
