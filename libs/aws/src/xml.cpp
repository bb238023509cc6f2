#include "xml.hpp"

namespace smflow::aws {

namespace {

constexpr std::size_t largest_document = 16u << 20;
constexpr int deepest_document = 64;

// pugixml's own walk; it ends at the first node that is too deep.
class DepthCheck : public pugi::xml_tree_walker {
 public:
  bool for_each(pugi::xml_node&) override { return depth() < deepest_document; }
};

}  // namespace

std::optional<pugi::xml_document> parse_xml(std::string_view text) {
  if (text.size() > largest_document) return std::nullopt;
  std::optional<pugi::xml_document> document(std::in_place);
  if (!document->load_buffer(text.data(), text.size(), pugi::parse_default, pugi::encoding_utf8)) return std::nullopt;
  DepthCheck check;
  if (!document->document_element() || !document->traverse(check)) return std::nullopt;
  return document;
}

std::string child_text(const pugi::xml_node& node, const char* name) {
  return node.child(name).text().get();
}

}  // namespace smflow::aws
