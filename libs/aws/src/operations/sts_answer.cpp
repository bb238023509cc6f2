#include "operations/sts_answer.hpp"

#include "operations/query_answer.hpp"

#include <smflow/aws/protocol.hpp>
#include <smflow/aws/timestamp.hpp>

namespace smflow::aws {

Outcome<Credentials> sts_credentials(const Client& client, const std::string& operation,
                                     const Outcome<std::string>& answer) {
  const auto document = query_answer(client, operation, answer);
  if (!document) return tl::unexpected(document.error());
  const pugi::xml_node node = query_result(*document, operation).child("Credentials");
  Credentials credentials{child_text(node, "AccessKeyId"), child_text(node, "SecretAccessKey"),
                          child_text(node, "SessionToken"), parse_iso8601(child_text(node, "Expiration"))};
  if (credentials.access_key_id.empty() || credentials.secret_access_key.empty() || !credentials.expires) {
    return tl::unexpected(bad_answer(client, operation, {}, "the answer holds no keys"));
  }
  return credentials;
}

}  // namespace smflow::aws
