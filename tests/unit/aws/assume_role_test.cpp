#include "credentials_fixture.hpp"

namespace smflow::aws {
namespace {

using testing::HasSubstr;
using testing::Not;

class AssumeRole : public CredentialsTest {
 protected:
  void SetUp() override {
    seams_.files.credential_profiles["base"] = {{"aws_access_key_id", {"BASE"}}, {"aws_secret_access_key", {"S"}}};
  }
};

TEST_F(AssumeRole, UsesTheKeysOfTheSourceProfile) {
  role("train", {{"source_profile", {"base"}}, {"external_id", {"abc-123"}}, {"duration_seconds", {"900"}}});
  choose("train");
  transport_.answer(200, sts_keys("AssumeRole", "ROLE"));
  EXPECT_EQ(found().access_key_id, "ROLE");
  EXPECT_EQ(found().session_token, "T");
  EXPECT_EQ(used(), "assume-role");
  const auto& sent = transport_.exchanges().at(0);
  EXPECT_EQ(sent.request.url, "https://sts.eu-west-1.amazonaws.com/");
  EXPECT_THAT(sent.header("Authorization"), HasSubstr("Credential=BASE/"));
  EXPECT_THAT(sent.body, HasSubstr("RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Ftrain&RoleSessionName=smflow-1705320000"));
  EXPECT_THAT(sent.body, HasSubstr("&ExternalId=abc-123&DurationSeconds=900"));
}

TEST_F(AssumeRole, FollowsAChainOfRoles) {
  role("middle", {{"source_profile", {"base"}}});
  role("train", {{"source_profile", {"middle"}}});
  choose("train");
  transport_.answer(200, sts_keys("AssumeRole", "MIDDLE"));
  transport_.answer(200, sts_keys("AssumeRole", "END"));
  EXPECT_EQ(found().access_key_id, "END");
  EXPECT_THAT(transport_.exchanges()[1].header("Authorization"), HasSubstr("Credential=MIDDLE/"));
  EXPECT_EQ(transport_.exchanges()[1].header("X-Amz-Security-Token"), "T");
}

TEST_F(AssumeRole, MayNameItselfWhenItHoldsKeys) {
  role("self", {{"source_profile", {"self"}}, {"aws_access_key_id", {"OWN"}}, {"aws_secret_access_key", {"S"}}});
  choose("self");
  transport_.answer(200, sts_keys("AssumeRole", "ROLE"));
  EXPECT_EQ(found().access_key_id, "ROLE");
}

TEST_F(AssumeRole, RefusesCirclesAndFaultySources) {
  role("a", {{"source_profile", {"b"}}});
  role("b", {{"source_profile", {"a"}}});
  role("none", {});
  role("both", {{"source_profile", {"base"}}, {"credential_source", {"Environment"}}});
  role("missing", {{"source_profile", {"nobody"}}});
  role("odd", {{"credential_source", {"Moon"}}});
  profile("empty");
  role("of-empty", {{"source_profile", {"empty"}}});
  for (const char* name : {"a", "none", "both", "missing", "odd", "of-empty"}) {
    choose(name);
    chain_.reset();
    const Error error = failure();
    EXPECT_EQ(error.code, "E404") << name;
    EXPECT_EQ(error.exit, ExitCode::configuration);
  }
  EXPECT_TRUE(transport_.exchanges().empty());
}

TEST_F(AssumeRole, TakesItsSourceFromTheEnvironmentThoughTheProfileWasChosen) {
  environment_["AWS_ACCESS_KEY_ID"] = "ENV";
  environment_["AWS_SECRET_ACCESS_KEY"] = "S";
  role("train", {{"credential_source", {"Environment"}}});
  choose("train");
  transport_.answer(200, sts_keys("AssumeRole", "ROLE"));
  EXPECT_EQ(found().access_key_id, "ROLE");
}

TEST_F(AssumeRole, AsksForTheCodeOfTheDevice) {
  role("train", {{"source_profile", {"base"}}, {"mfa_serial", {"arn:mfa/ann"}}});
  choose("train");
  EXPECT_EQ(failure().code, "E409");
  chain_.reset();
  seams_.ask_mfa = [](const std::string& serial) -> Result<std::string> {
    return serial == "arn:mfa/ann" ? "123456" : "";
  };
  transport_.answer(200, sts_keys("AssumeRole", "ROLE"));
  EXPECT_EQ(found().access_key_id, "ROLE");
  EXPECT_THAT(transport_.exchanges()[0].body, HasSubstr("SerialNumber=arn%3Amfa%2Fann&TokenCode=123456"));
}

TEST_F(AssumeRole, NeedsACode) {
  role("train", {{"source_profile", {"base"}}, {"mfa_serial", {"arn:mfa/ann"}}});
  choose("train");
  seams_.ask_mfa = [](const std::string&) { return Result<std::string>(""); };
  EXPECT_EQ(failure().code, "E409");
  EXPECT_TRUE(transport_.exchanges().empty());
}

TEST_F(AssumeRole, KeepsItsKeysWhereTheAwsCliLooksForThem) {
  seams_.role_cache = folder_ / "cli/cache";
  role("train", {{"source_profile", {"base"}},
                 {"mfa_serial", {"arn:mfa/ann"}},
                 {"duration_seconds", {"900"}},
                 {"external_id", {"a\"b é"}}});
  choose("train");
  seams_.ask_mfa = [](const std::string&) { return Result<std::string>("123456"); };
  transport_.answer(200, sts_keys("AssumeRole", "ROLE"));
  EXPECT_EQ(found().access_key_id, "ROLE");
  // The name that botocore gives it.
  const auto file = seams_.role_cache / "681fab4d6546453f4d35b1145e600e82dd58ea51.json";
  ASSERT_TRUE(std::filesystem::exists(file));
  EXPECT_EQ(std::filesystem::status(file).permissions(), std::filesystem::perms(0600));
  chain_.reset();
  seams_.ask_mfa = {};
  EXPECT_EQ(found().access_key_id, "ROLE");
  EXPECT_EQ(transport_.exchanges().size(), 1u);
  chain_.reset();
  clock_.advance(std::chrono::minutes{46});
  EXPECT_EQ(failure().code, "E409");
}

TEST_F(AssumeRole, UsesWhatTheAwsCliHasKept) {
  seams_.role_cache = folder_.path();
  role("train", {{"source_profile", {"base"}}, {"role_session_name", {"me"}}});
  choose("train");
  folder_.write("3c2d61653eef36285db09ff45b05e6b7e38d3dd8.json",
                R"({"Credentials": {"AccessKeyId": "KEPT", "SecretAccessKey": "S", "SessionToken": "T",
                    "Expiration": "2024-01-15T13:00:00UTC"}, "ResponseMetadata": {"RetryAttempts": 0}})");
  EXPECT_EQ(found().access_key_id, "KEPT");
  for (const char* content : {"", "[]", R"({"Credentials": []})", R"({"Credentials": {"Expiration": 7}})"}) {
    folder_.write("3c2d61653eef36285db09ff45b05e6b7e38d3dd8.json", content);
    chain_.reset();
    transport_.answer(200, sts_keys("AssumeRole", "NEW"));
    EXPECT_EQ(found().access_key_id, "NEW") << content;
  }
}

TEST_F(AssumeRole, PassesOnWhatTheServiceSays) {
  role("train", {{"source_profile", {"base"}}});
  choose("train");
  transport_.answer(
      403, "<ErrorResponse><Error><Code>AccessDenied</Code><Message>no trust</Message></Error></ErrorResponse>");
  EXPECT_EQ(failure().code, "E420");
  transport_.answer(200, "<AssumeRoleResponse/>");
  EXPECT_EQ(failure().code, "E430");
  transport_.answer(200, sts_keys("AssumeRole", "ROLE", "never"));
  EXPECT_EQ(failure().code, "E430");
}

TEST_F(AssumeRole, WithWebIdentityIsNotSignedAndReadsTheTokenAgainEachTime) {
  environment_["AWS_WEB_IDENTITY_TOKEN_FILE"] = folder_.write("token", "JWT-1\n").string();
  environment_["AWS_ROLE_ARN"] = "arn:r";
  environment_["AWS_ROLE_SESSION_NAME"] = "me";
  transport_.answer(200, sts_keys("AssumeRoleWithWebIdentity", "WEB1"));
  EXPECT_EQ(found().access_key_id, "WEB1");
  EXPECT_THAT(transport_.exchanges()[0].body, HasSubstr("RoleArn=arn%3Ar&RoleSessionName=me&WebIdentityToken=JWT-1"));
  EXPECT_EQ(transport_.exchanges()[0].header("Authorization"), "");
  folder_.write("token", "JWT-2");
  clock_.advance(std::chrono::minutes{55});
  transport_.answer(200, sts_keys("AssumeRoleWithWebIdentity", "WEB2", "2024-01-15T14:00:00Z"));
  EXPECT_EQ(found().access_key_id, "WEB2");
  EXPECT_THAT(transport_.exchanges()[1].body, HasSubstr("WebIdentityToken=JWT-2"));
}

TEST_F(AssumeRole, WithWebIdentityNeedsTokenAndRole) {
  environment_["AWS_WEB_IDENTITY_TOKEN_FILE"] = (folder_ / "none").string();
  EXPECT_EQ(failure().code, "E401");
  environment_["AWS_ROLE_ARN"] = "arn:r";
  EXPECT_EQ(failure().code, "E401");
  choose("base");
  chain_.reset();
  EXPECT_EQ(found().access_key_id, "BASE");
}

}  // namespace
}  // namespace smflow::aws
