#include "xml.hpp"

#include <algorithm>
#include <charconv>

#include <smflow/aws/encoding.hpp>
#include <smflow/aws/operations/object_page.hpp>
#include <smflow/aws/protocol.hpp>

namespace smflow::aws {

namespace {

std::optional<std::uint64_t> number_in(const std::string& text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// S3 writes a space as '+' and a '+' as "%2B".
std::optional<std::string> decoded(std::string text) {
  std::replace(text.begin(), text.end(), '+', ' ');
  return percent_decode(text);
}

std::optional<ObjectSummary> object_of(const pugi::xml_node& node) {
  auto key = decoded(child_text(node, "Key"));
  const auto size = number_in(child_text(node, "Size"));
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
  ApiCall call{.operation = "ListObjectsV2", .method = "GET"};
  call.query = {
      {"list-type", "2"}, {"encoding-type", "url"}, {"max-keys", std::to_string(query.most)}, {"prefix", query.prefix}};
  if (!query.token.empty()) call.query.emplace_back("continuation-token", query.token);
  call.bucket = query.bucket;
  call.xml_answer = true;
  call.cancel = cancel;
  const auto answer = client.call(call);
  if (!answer) return tl::unexpected(answer.error());
  auto page = page_of(answer->response.body);
  if (!page) return tl::unexpected(bad_answer(client, call.operation, *answer, "the answer is no listing"));
  return *std::move(page);
}

}  // namespace smflow::aws
