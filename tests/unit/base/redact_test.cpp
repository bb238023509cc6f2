#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <smflow/base/redact.hpp>

namespace smflow {
namespace {

using testing::HasSubstr;
using testing::Not;

// The examples of AWS's own documentation.
const std::string key_id = "AKIAIOSFODNN7EXAMPLE";
const std::string secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

struct NameRow {
  const char* name;
  bool secret;
};

TEST(NamesASecret, GoesByTheWordsOfTheName) {
  for (const NameRow row :
       {NameRow{"AWS_SECRET_ACCESS_KEY", true}, NameRow{"password", true}, NameRow{"HF_TOKEN", true},
        NameRow{"api_key", true}, NameRow{"KEY", true}, NameRow{"my-key-file", true}, NameRow{"private_data", true},
        NameRow{"DB_CREDS", true}, NameRow{"MONKEY", false}, NameRow{"KEYBOARD", false}, NameRow{"BATCH_SIZE", false},
        NameRow{"", false}}) {
    EXPECT_EQ(names_a_secret(row.name), row.secret) << row.name;
  }
}

TEST(Redact, TakesOutKeyIds) {
  EXPECT_EQ(redact("using " + key_id + "."), "using [redacted:access-key-id].");
  EXPECT_EQ(redact("ASIAIOSFODNN7EXAMPLE"), "[redacted:access-key-id]");
  EXPECT_EQ(redact("id=" + key_id + "," + key_id), "id=[redacted:access-key-id],[redacted:access-key-id]");
  EXPECT_EQ(redact("key" + key_id + "x"), "key[redacted:access-key-id]x");
  EXPECT_EQ(redact("_" + key_id + "_"), "_[redacted:access-key-id]_");
}

TEST(Redact, TakesOutWhatFollowsALabel) {
  for (const std::string_view label :
       {"aws_secret_access_key = ", "AWS_SECRET_ACCESS_KEY=", "secret_access_key: '", "\"SecretAccessKey\": \"",
        "\"{\\\"SecretAccessKey\\\":\\\"", "<SecretAccessKey>", "--secret-access-key ",
        "aws_session_token=", "SessionToken\":\"",
        "X-Amz-Security-Token=", "x-amz-security-token: ", "\"authorizationToken\": \"", "aws_session_token\t"}) {
    const std::string before(label);
    const std::string clean = redact("head " + before + secret + "\" tail");
    EXPECT_THAT(clean, Not(HasSubstr(secret))) << before;
    EXPECT_EQ(clean, "head " + before + "[redacted:secret]\" tail");
  }
}

TEST(Redact, TakesOutSignedUrls) {
  const std::string clean = redact(
      "https://b.s3.amazonaws.com/k?X-Amz-Credential=" + key_id +
      "%2F20260101&X-Amz-Security-Token=IQoJb3JpZ2lu%2F%2F%2BabcdEFGH1234&X-Amz-Signature=" + std::string(64, 'a'));
  EXPECT_EQ(clean,
            "https://b.s3.amazonaws.com/k?X-Amz-Credential=[redacted:access-key-id]%2F20260101&X-Amz-Security-Token="
            "[redacted:secret]&X-Amz-Signature=[redacted:secret]");
}

// As services repeat the header they refuse.
TEST(Redact, HidesTheSignatureOfAnAuthorizationHeader) {
  const std::string header = "Credential=AKIAIOSFODNN7EXAMPLE/20260101/eu-west-1/sts/aws4_request, Signature=";
  EXPECT_EQ(redact(header + std::string(64, 'a')),
            "Credential=[redacted:access-key-id]/20260101/eu-west-1/sts/aws4_request, Signature=[redacted:secret]");
  const std::string sentence = "the request signature we calculated does not match the signature you provided";
  EXPECT_EQ(redact(sentence), sentence);
}

TEST(Redact, LeavesOrdinaryTextAlone) {
  for (const std::string text : {"", "plain text", "session_token: 5", "SessionToken", "aws_secret_access_key=", "AKIA",
                                 "AKIASHORT", "AKIAIOSFODNN7EXAMPLEXYZ", "XAKIAIOSFODNN7EXAMPLE",
                                 "tokens per second: 123456789012345678", "secret_access_key is not set"}) {
    EXPECT_EQ(redact(text), text);
  }
}

TEST(Redact, RedactedTextStaysAsItIs) {
  const std::string once = redact("aws_secret_access_key=" + secret + " " + key_id);
  EXPECT_EQ(redact(once), once);
}

// Whatever stands around them, neither a key id that stands alone nor a labelled secret survives.
TEST(Redact, NoCredentialSurvivesInRandomText) {
  std::mt19937_64 random(11);
  const std::string_view around = " \n\t\"'{}[]()<>,;:=|&?#!/\\.-_%abcxyz\xc3\xa4";
  const std::string_view capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  const std::string_view base64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const auto pick = [&](std::string_view from, std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += from[random() % from.size()];
    return text;
  };
  for (int round = 0; round < 5000; ++round) {
    const std::string id = (round % 2 == 0 ? "AKIA" : "ASIA") + pick(capitals, 16);
    const std::string value = pick(base64, 40);
    const std::string label = round % 3 == 0 ? "aws_secret_access_key=" : "\"SecretAccessKey\": \"";
    const std::string text = pick(around, random() % 20) + id + pick(around, random() % 20) + " " + label + value +
                             "\n" + pick(around, random() % 20);
    const std::string clean = redact(text);
    ASSERT_THAT(clean, Not(HasSubstr(id))) << text;
    ASSERT_THAT(clean, Not(HasSubstr(value))) << text;
  }
}

}  // namespace
}  // namespace smflow
