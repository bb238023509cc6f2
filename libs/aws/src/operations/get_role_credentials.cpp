#include <smflow/aws/operations/sign_on.hpp>
#include <smflow/aws/protocol.hpp>

namespace smflow::aws {

Outcome<Credentials> get_role_credentials(Client& client, const std::string& account, const std::string& role,
                                          const std::string& token) {
  const ApiCall call{.operation = "GetRoleCredentials",
                     .method = "GET",
                     .path = "/federation/credentials",
                     .query = {{"role_name", role}, {"account_id", account}},
                     .headers = {{"x-amz-sso_bearer_token", token}},
                     .anonymous = true};
  const auto answer = call_rest_json(client, call);
  if (!answer) return tl::unexpected(answer.error());
  try {
    const Json& keys = answer->at("roleCredentials");
    return Credentials{keys.at("accessKeyId"), keys.at("secretAccessKey"), keys.at("sessionToken"),
                       WallTime{std::chrono::milliseconds{keys.at("expiration").get<std::int64_t>()}}, account};
  } catch (const Json::exception&) {
    return tl::unexpected(bad_answer(client, call.operation, {}, "the answer holds no keys"));
  }
}

}  // namespace smflow::aws
