#include "operations/json_answer.hpp"

#include <smflow/aws/operations/ecr.hpp>
#include <smflow/base/base64.hpp>

namespace smflow::aws {

Outcome<RegistryLogin> get_authorization_token(Client& client, std::stop_token cancel) {
  const std::string operation = "GetAuthorizationToken";
  std::string token;
  auto login =
      read_answer(client, operation, call_json(client, operation, Json::object(), cancel), [&](const Json& answer) {
        const Json& one = list_at(answer, "authorizationData").at(0);
        token = one.at("authorizationToken").get<std::string>();
        return RegistryLogin{.user = {},
                             .password = {},
                             .endpoint = text_at(one, "proxyEndpoint"),
                             .expires = time_at(one, "expiresAt")};
      });
  if (!login) return login;
  const std::string pair = from_base64(token).value_or("");
  const std::size_t colon = pair.find(':');
  if (colon == std::string::npos) {
    return tl::unexpected(bad_answer(client, operation, {}, "the token is no name and password"));
  }
  login->user = pair.substr(0, colon);
  login->password = pair.substr(colon + 1);
  return login;
}

}  // namespace smflow::aws
