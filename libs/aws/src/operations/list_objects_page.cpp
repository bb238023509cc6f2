#include "operations/object_listing.hpp"
#include "operations/s3_call.hpp"

#include <smflow/aws/protocol.hpp>

namespace smflow::aws {

Outcome<ObjectPage> list_objects_page(Client& client, const ObjectPageQuery& query, std::stop_token cancel) {
  ApiCall call = object_call("ListObjectsV2", "GET", {query.bucket, ""}, cancel);
  call.query = {
      {"list-type", "2"}, {"encoding-type", "url"}, {"max-keys", std::to_string(query.most)}, {"prefix", query.prefix}};
  if (!query.token.empty()) call.query.emplace_back("continuation-token", query.token);
  call.xml_answer = true;
  const auto answer = client.call(call);
  if (!answer) return tl::unexpected(answer.error());
  auto page = read_object_listing(answer->response.body);
  if (!page) return tl::unexpected(bad_answer(client, call.operation, *answer, page.error()));
  return *std::move(page);
}

}  // namespace smflow::aws
