#include "operations/object_listing.hpp"

#include "operations/s3_call.hpp"
#include "xml.hpp"

#include <smflow/aws/timestamp.hpp>

namespace smflow::aws {

namespace {

std::optional<ListedObject> object_of(const pugi::xml_node& node, bool encoded) {
  std::string text = child_text(node, "Key");
  const auto key = encoded ? decode_listed(std::move(text)) : std::optional(std::move(text));
  const auto size = parse_number(child_text(node, "Size"));
  const auto modified = parse_iso8601(child_text(node, "LastModified"));
  if (!key || key->empty() || !size || !modified) return std::nullopt;
  return ListedObject{*key, *size, child_text(node, "ETag"), *modified};
}

}  // namespace

tl::expected<ObjectPage, std::string> read_object_listing(std::string_view answer) {
  const auto document = parse_xml(answer);
  const pugi::xml_node root = document ? document->child("ListBucketResult") : pugi::xml_node();
  if (!root) return tl::unexpected<std::string>("the answer is no listing");
  const bool encoded = child_text(root, "EncodingType") == "url";
  ObjectPage page;
  for (const pugi::xml_node node : root.children("Contents")) {
    auto object = object_of(node, encoded);
    if (!object) return tl::unexpected<std::string>("the listing holds an object without key, size or time");
    page.objects.push_back(*std::move(object));
  }
  if (child_text(root, "IsTruncated") != "true") return page;
  page.next_token = child_text(root, "NextContinuationToken");
  if (page.next_token.empty()) {
    return tl::unexpected<std::string>("the listing is cut short and does not say how to go on");
  }
  return page;
}

}  // namespace smflow::aws
