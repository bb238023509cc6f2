#include "operations/s3_call.hpp"
#include "xml.hpp"

#include <smflow/aws/operations/object_page.hpp>
#include <smflow/aws/protocol.hpp>

namespace smflow::aws {

namespace {

std::optional<ObjectSummary> object_of(const pugi::xml_node& node) {
  auto key = decode_listed(child_text(node, "Key"));
  const auto size = parse_number(child_text(node, "Size"));
  if (!key || key->empty() || !size) return std::nullopt;
  return ObjectSummary{*std::move(key), *size};
}

std::optional<ObjectPage> page_of(const std::string& text) {
  const auto document = parse_xml(text);
  const pugi::xml_node root = document ? document->child("ListBucketResult") : pugi::xml_node();
  if (!root) return std::nullopt;
  ObjectPage page;
  for (const pugi::xml_node node : root.children("Contents")) {
    auto object = object_of(node);
    if (!object) return std::nullopt;
    page.objects.push_back(*std::move(object));
  }
  if (child_text(root, "IsTruncated") != "true") return page;
  page.next_token = child_text(root, "NextContinuationToken");
  if (page.next_token.empty()) return std::nullopt;
  return page;
}

}  // namespace

Outcome<ObjectPage> list_objects_page(Client& client, const ObjectPageQuery& query, std::stop_token cancel) {
  ApiCall call = object_call("ListObjectsV2", "GET", {query.bucket, ""}, cancel);
  call.query = {
      {"list-type", "2"}, {"encoding-type", "url"}, {"max-keys", std::to_string(query.most)}, {"prefix", query.prefix}};
  if (!query.token.empty()) call.query.emplace_back("continuation-token", query.token);
  call.xml_answer = true;
  const auto answer = client.call(call);
  if (!answer) return tl::unexpected(answer.error());
  auto page = page_of(answer->response.body);
  if (!page) return tl::unexpected(bad_answer(client, call.operation, *answer, "the answer is no listing"));
  return *std::move(page);
}

}  // namespace smflow::aws
