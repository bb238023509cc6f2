#include "operations/s3_call.hpp"
#include "xml.hpp"

#include <iterator>

#include <smflow/aws/protocol.hpp>
#include <smflow/aws/timestamp.hpp>

namespace smflow::aws {

namespace {

struct Page {
  std::vector<ListedObject> objects;
  std::string next;  // empty: it is the last
};

std::optional<ListedObject> read_object(const pugi::xml_node& node, bool encoded) {
  const std::string text = child_text(node, "Key");
  const auto key = encoded ? decode_listed(text) : std::optional(text);
  const auto size = parse_number(child_text(node, "Size"));
  const auto modified = parse_iso8601(child_text(node, "LastModified"));
  if (!key || key->empty() || !size || !modified) return std::nullopt;
  return ListedObject{*key, *size, child_text(node, "ETag"), *modified};
}

tl::expected<Page, std::string> read_page(const std::string& text) {
  const auto document = parse_xml(text);
  const pugi::xml_node root = document ? document->child("ListBucketResult") : pugi::xml_node();
  if (!root) return tl::unexpected<std::string>("the answer is no listing");
  const bool encoded = child_text(root, "EncodingType") == "url";
  Page page;
  for (const pugi::xml_node node : root.children("Contents")) {
    auto object = read_object(node, encoded);
    if (!object) return tl::unexpected<std::string>("the listing holds an object without key, size or time");
    page.objects.push_back(*std::move(object));
  }
  if (child_text(root, "IsTruncated") != "true") return page;
  page.next = child_text(root, "NextContinuationToken");
  if (page.next.empty()) return tl::unexpected<std::string>("the listing is cut short and does not say how to go on");
  return page;
}

}  // namespace

Outcome<std::vector<ListedObject>> list_objects(Client& client, const std::string& bucket, const std::string& prefix,
                                                std::stop_token cancel) {
  std::vector<ListedObject> objects;
  std::string token;
  do {
    ApiCall call = object_call("ListObjectsV2", "GET", {bucket, ""}, cancel);
    call.query = {{"list-type", "2"}, {"encoding-type", "url"}, {"prefix", prefix}};
    if (!token.empty()) call.query.emplace_back("continuation-token", token);
    call.xml_answer = true;
    const auto answer = client.call(call);
    if (!answer) return tl::unexpected(answer.error());
    auto page = read_page(answer->response.body);
    if (!page) return tl::unexpected(bad_answer(client, call.operation, *answer, page.error()));
    if (!token.empty() && page->next == token) {
      return tl::unexpected(bad_answer(client, call.operation, *answer, "the listing goes round in a circle"));
    }
    objects.insert(objects.end(), std::make_move_iterator(page->objects.begin()),
                   std::make_move_iterator(page->objects.end()));
    token = std::move(page->next);
  } while (!token.empty());
  return objects;
}

}  // namespace smflow::aws
