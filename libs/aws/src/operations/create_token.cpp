#include <smflow/aws/operations/sign_on.hpp>
#include <smflow/aws/protocol.hpp>

namespace smflow::aws {

Outcome<RefreshedToken> create_token(Client& client, const RefreshInput& input) {
  const Json body = {{"clientId", input.client_id},
                     {"clientSecret", input.client_secret},
                     {"grantType", "refresh_token"},
                     {"refreshToken", input.refresh_token}};
  const ApiCall call{.operation = "CreateToken",
                     .path = "/token",
                     .headers = {{"Content-Type", "application/json"}},
                     .body = http::body_of(body.dump(-1, ' ', false, Json::error_handler_t::replace)),
                     .anonymous = true};
  const auto answer = call_rest_json(client, call);
  if (!answer) return tl::unexpected(answer.error());
  try {
    return RefreshedToken{answer->at("accessToken"), answer->value("refreshToken", ""),
                          std::chrono::seconds{answer->at("expiresIn").get<std::int64_t>()}};
  } catch (const Json::exception&) {
    return tl::unexpected(bad_answer(client, call.operation, {}, "the answer holds no token"));
  }
}

}  // namespace smflow::aws
