#include "operations/query_answer.hpp"

#include <smflow/aws/protocol.hpp>

namespace smflow::aws {

pugi::xml_node query_result(const pugi::xml_document& document, const std::string& operation) {
  return document.child((operation + "Response").c_str()).child((operation + "Result").c_str());
}

Outcome<pugi::xml_document> query_answer(const Client& client, const std::string& operation,
                                         const Outcome<std::string>& answer) {
  if (!answer) return tl::unexpected(answer.error());
  auto document = parse_xml(*answer);
  if (!document || !query_result(*document, operation)) {
    return tl::unexpected(bad_answer(client, operation, {}, "the answer holds no result"));
  }
  return *std::move(document);
}

}  // namespace smflow::aws
