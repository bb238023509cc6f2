#include "credentials_fixture.hpp"

#include <smflow/aws/digest.hpp>

namespace smflow::aws {
namespace {

using testing::HasSubstr;

constexpr const char* role_keys =
    R"({"roleCredentials": {"accessKeyId": "SSO", "secretAccessKey": "S", "sessionToken": "T", "expiration": 1705323600000}})";

class SignOn : public CredentialsTest {
 protected:
  void SetUp() override {
    profile("dev") = {{"sso_session", {"corp"}}, {"sso_account_id", {"111122223333"}}, {"sso_role_name", {"Ann"}}};
    seams_.files.sso_sessions["corp"] = {{"sso_start_url", {"https://corp"}}, {"sso_region", {"us-east-2"}}};
    choose("dev");
  }
  void login(const std::string& name, const std::string& expires, const std::string& more = "") {
    folder_.write(sha1_digits(name) + ".json",
                  R"({"accessToken": "TOKEN", "expiresAt": ")" + expires + "\"" + more + "}");
  }
  const std::string refreshable_ =
      R"(, "refreshToken": "R", "clientId": "C", "clientSecret": "CS", "registrationExpiresAt": "2024-03-01T00:00:00Z")";
};

TEST_F(SignOn, AsksThePortalWithTheTokenOfTheSession) {
  login("corp", "2024-01-15T20:00:00Z");
  transport_.answer(200, role_keys);
  EXPECT_EQ(found().access_key_id, "SSO");
  EXPECT_EQ(format_utc(*found().expires), "2024-01-15T13:00:00.000Z");
  const auto& sent = transport_.exchanges().at(0);
  EXPECT_EQ(sent.request.url,
            "https://portal.sso.us-east-2.amazonaws.com/federation/credentials?account_id=111122223333&role_name=Ann");
  EXPECT_EQ(sent.header("x-amz-sso_bearer_token"), "TOKEN");
  EXPECT_EQ(sent.header("Authorization"), "");
}

TEST_F(SignOn, FindsTheLegacyTokenByItsStartUrl) {
  profile("dev") = {{"sso_start_url", {"https://corp"}},
                    {"sso_region", {"us-east-2"}},
                    {"sso_account_id", {"1"}},
                    {"sso_role_name", {"A"}}};
  login("https://corp", "2024-01-15T20:00:00UTC");
  transport_.answer(200, role_keys);
  EXPECT_EQ(found().access_key_id, "SSO");
}

TEST_F(SignOn, RefreshesATokenThatIsAboutToExpireAndKeepsIt) {
  login("corp", "2024-01-15T12:10:00Z", refreshable_);
  transport_.answer(200, R"({"accessToken": "NEW", "refreshToken": "R2", "expiresIn": 28800})");
  transport_.answer(200, role_keys);
  EXPECT_EQ(found().access_key_id, "SSO");
  EXPECT_EQ(transport_.exchanges()[0].request.url, "https://oidc.us-east-2.amazonaws.com/token");
  EXPECT_THAT(transport_.exchanges()[0].body, HasSubstr(R"("grantType":"refresh_token","refreshToken":"R")"));
  EXPECT_EQ(transport_.exchanges()[1].header("x-amz-sso_bearer_token"), "NEW");
  const auto file = folder_ / (sha1_digits("corp") + ".json");
  EXPECT_EQ(std::filesystem::status(file).permissions(), std::filesystem::perms(0600));
  const std::string kept = test::slurp(file);
  EXPECT_THAT(kept, HasSubstr(R"("accessToken":"NEW")"));
  EXPECT_THAT(kept, HasSubstr(R"("expiresAt":"2024-01-15T20:00:00Z")"));
  EXPECT_THAT(kept, HasSubstr(R"("refreshToken":"R2")"));
}

TEST_F(SignOn, UsesTheOldTokenWhenTheRefreshFails) {
  login("corp", "2024-01-15T12:10:00Z", refreshable_);
  transport_.answer(400, R"({"error": "invalid_grant"})");
  transport_.answer(200, role_keys);
  EXPECT_EQ(found().access_key_id, "SSO");
  EXPECT_EQ(transport_.exchanges()[1].header("x-amz-sso_bearer_token"), "TOKEN");
}

TEST_F(SignOn, SaysHowToLogIn) {
  EXPECT_EQ(failure().code, "E406");
  EXPECT_EQ(failure().fix, "aws sso login --profile dev");
  login("corp", "2024-01-15T11:00:00Z");
  EXPECT_EQ(failure().code, "E406");
  login("corp", "2024-01-15T20:00:00Z");
  transport_.answer(401, R"({"message": "Session token not found or invalid"})",
                    {{"x-amzn-ErrorType", "UnauthorizedException"}});
  EXPECT_EQ(failure().code, "E406");
  folder_.write(sha1_digits("corp") + ".json", "not json");
  EXPECT_EQ(failure().code, "E406");
}

TEST_F(SignOn, RefusesAnIncompleteOrContradictingProfile) {
  profile("dev")["sso_region"] = {"eu-west-1"};
  EXPECT_THAT(failure().message, HasSubstr("disagree in sso_region"));
  chain_.reset();
  profile("dev").erase("sso_region");
  profile("dev").erase("sso_role_name");
  EXPECT_EQ(failure().code, "E401");
}

TEST_F(SignOn, RefusesAnAnswerWithoutKeys) {
  login("corp", "2024-01-15T20:00:00Z");
  transport_.answer(200, R"({"roleCredentials": {"accessKeyId": 3}})");
  EXPECT_EQ(failure().code, "E430");
}

}  // namespace
}  // namespace smflow::aws
