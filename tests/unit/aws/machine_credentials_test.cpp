#include "credentials_fixture.hpp"

namespace smflow::aws {
namespace {

using testing::HasSubstr;
using testing::Not;

class Container : public CredentialsTest {};

TEST_F(Container, IsAskedAtTheFixedAddress) {
  environment_["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "/v2/x?a=b";
  transport_.answer(200, json_keys("ECS"));
  EXPECT_EQ(found().access_key_id, "ECS");
  EXPECT_EQ(found().session_token, "T");
  EXPECT_EQ(transport_.exchanges()[0].request.url, "http://169.254.170.2/v2/x?a=b");
}

TEST_F(Container, SendsTheTokenOfTheFile) {
  environment_["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "http://169.254.170.23/v1/credentials";
  environment_["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "other";
  environment_["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = folder_.write("t", "TOKEN").string();
  transport_.answer(200, json_keys("EKS"));
  EXPECT_EQ(found().access_key_id, "EKS");
  EXPECT_EQ(transport_.exchanges()[0].header("Authorization"), "TOKEN");
}

TEST_F(Container, IsAskedThreeTimesAndThenFails) {
  environment_["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "/x";
  transport_.answer(500);
  transport_.answer(200, "{}");
  transport_.fail(http::TransportError::Kind::stalled, "too slow");
  const Error error = failure();
  EXPECT_EQ(error.code, "E407");
  EXPECT_THAT(error.message, HasSubstr("too slow"));
  EXPECT_EQ(transport_.exchanges().size(), 3u);
}

TEST_F(Container, SendsItsTokenToNoOtherHost) {
  environment_["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "TOKEN";
  for (const char* url : {"http://evil.example/x", "https://evil.example/x", "http://127.0.0.1.evil.example/",
                          "http://169.254.170.2.x/", "http://localhost.evil/", "http://localhost@evil/", "file:///x"}) {
    environment_["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = url;
    EXPECT_FALSE(chain().get()) << url;
  }
  EXPECT_TRUE(transport_.exchanges().empty());
  for (const char* url :
       {"http://127.1.2.3:80/x", "http://localhost:1234/x", "http://[::1]:5/x", "http://[fd00:ec2::23]/x"}) {
    environment_["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = url;
    transport_.answer(200, json_keys("K"));
    chain_.reset();
    EXPECT_EQ(found().access_key_id, "K") << url;
  }
}

TEST_F(Container, RefusesATokenWithALineBreak) {
  environment_["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "/x";
  environment_["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "a\r\nX: b";
  EXPECT_EQ(failure().code, "E407");
  EXPECT_THAT(failure().message, Not(HasSubstr("X: b")));
}

class Instance : public CredentialsTest {
 protected:
  void answer_keys(const std::string& keys) {
    transport_.answer(200, "TOKEN");
    transport_.answer(200, "my-role\n");
    transport_.answer(200, keys);
  }
};

TEST_F(Instance, IsAskedWithATokenFirst) {
  answer_keys(json_keys("IMDS"));
  EXPECT_EQ(found().access_key_id, "IMDS");
  const auto& sent = transport_.exchanges();
  EXPECT_EQ(sent[0].request.method, "PUT");
  EXPECT_EQ(sent[0].request.url, "http://169.254.169.254/latest/api/token");
  EXPECT_EQ(sent[0].header("x-aws-ec2-metadata-token-ttl-seconds"), "21600");
  EXPECT_EQ(sent[0].request.limits.total, std::chrono::milliseconds{1000});
  EXPECT_EQ(sent[2].request.url, "http://169.254.169.254/latest/meta-data/iam/security-credentials/my-role");
  EXPECT_EQ(sent[2].header("x-aws-ec2-metadata-token"), "TOKEN");
}

TEST_F(Instance, WithoutTokenIsNotAskedAnyFurther) {
  for (const int status : {401, 403, 404, 405, 500}) {
    transport_.answer(status);
    EXPECT_EQ(failure().code, "E400");
  }
  EXPECT_EQ(transport_.exchanges().size(), 5u);
}

TEST_F(Instance, WithoutRoleOrKeysIsSkipped) {
  transport_.answer(200, "TOKEN");
  transport_.answer(404);
  EXPECT_THAT(failure().message, HasSubstr("the instance has no role"));
  answer_keys(R"({"Code": "AssumeRoleUnauthorizedAccess", "Message": "x"})");
  EXPECT_THAT(failure().message, HasSubstr("the role 'my-role' has no keys"));
}

TEST_F(Instance, IsNotAskedWhenDisabledAndFoundElsewhereWhenTold) {
  environment_["AWS_EC2_METADATA_DISABLED"] = "TRUE";
  EXPECT_EQ(failure().code, "E400");
  EXPECT_TRUE(transport_.exchanges().empty());
  environment_["AWS_EC2_METADATA_DISABLED"] = "";
  environment_["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"] = "ipv6";
  EXPECT_EQ(failure().code, "E400");
  EXPECT_EQ(transport_.exchanges()[0].request.url, "http://[fd00:ec2::254]/latest/api/token");
  environment_["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = "http://127.0.0.1:1338/";
  EXPECT_EQ(failure().code, "E400");
  EXPECT_EQ(transport_.exchanges()[1].request.url, "http://127.0.0.1:1338/latest/api/token");
}

TEST_F(Instance, KeysAreUsedOnDuringAnOutage) {
  answer_keys(json_keys("IMDS"));
  found();
  clock_.advance(std::chrono::hours{2});
  EXPECT_EQ(found().access_key_id, "IMDS");
  EXPECT_GT(*found().expires, clock_.now());
  const std::size_t asked = transport_.exchanges().size();
  clock_.advance(std::chrono::minutes{1});
  found();
  EXPECT_EQ(transport_.exchanges().size(), asked);
  chain_.reset();
  answer_keys(json_keys("OLD", "2024-01-15T11:00:00Z"));
  EXPECT_EQ(found().access_key_id, "OLD");
}

}  // namespace
}  // namespace smflow::aws
