#include <array>
#include <random>
#include <vector>

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

TEST(Redact, KnowsTheSecretsThatAConfigFileIsRefusedFor) {
  for (const char* name : {"DB_PASSWD", "OPENAI_APIKEY", "SSH_PASSPHRASE"}) EXPECT_TRUE(names_a_secret(name)) << name;
  EXPECT_FALSE(names_a_secret("PWD")) << "the working folder";
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

// Written in two pieces, so that no scanner of secrets takes this file for a leak.
struct TokenRow {
  const char* rule;
  std::string token;
};
std::vector<TokenRow> tokens() {
  return {{"github-token", std::string("ghp_") + "16C7e42F292c6912E7710c838347Ae178B4a"},
          {"github-token", std::string("gho_") + "16C7e42F292c6912E7710c838347Ae178B4a"},
          {"github-token", std::string("ghs_") + "16C7e42F292c6912E7710c838347Ae178B4a"},
          {"github-token", std::string("github_pat_") + "11ABCDEFG0abcdefghijkl_0123456789abcdefghijklmnopqrstuvwxyz"},
          {"hugging-face-token", std::string("hf_") + "AbCdEfGhIjKlMnOpQrStUvWxYz01234567"},
          {"api-key", std::string("sk-") + "T3BlbkFJ0123456789abcdefABCDEF0123456789abcdefAB"},
          {"api-key", std::string("sk-proj-") + "Ab1_cd2-EfGh3456IjKlMnOp7890QrStUvWx_yz-0123"},
          {"slack-token", std::string("xoxb-") + "123456789012-1234567890123-AbCdEfGhIjKlMnOpQrStUvWx"},
          {"google-api-key", std::string("AIza") + "SyD0123456789abcdefghijklmnopqrstu-"},
          {"web-token", std::string("eyJhbGciOiJIUzI1NiJ9.") +
                            "eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"}};
}

TEST(Redact, TakesOutTokensOfOtherServices) {
  for (const auto& [rule, token] : tokens()) {
    const std::string mark = "[redacted:" + std::string(rule) + "]";
    EXPECT_EQ(redact(token), mark);
    EXPECT_EQ(redact("KEY=" + token + "\n"), "KEY=" + mark + "\n");
    EXPECT_EQ(redact("{\"k\": \"" + token + "\"}"), "{\"k\": \"" + mark + "\"}");
    EXPECT_EQ(redact("login with '" + token + "'."), "login with '" + mark + "'.");
  }
}

TEST(Redact, TakesOutPrivateKeys) {
  for (const std::string kind : {"PRIVATE KEY", "RSA PRIVATE KEY", "OPENSSH PRIVATE KEY", "PGP PRIVATE KEY BLOCK"}) {
    const std::string begin = "-----BEGIN " + kind + "-----";
    const std::string key = begin + "\nMIIEpAIBAAKCAQEA7bq\n+/x=\n-----END " + kind + "-----";
    EXPECT_EQ(redact("a\n" + key + "\nb"), "a\n[redacted:private-key]\nb");
    EXPECT_EQ(redact(begin + "\nMIIEpAIBAAKCAQEA7bq"), "[redacted:private-key]") << "cut off";
  }
}

TEST(Redact, TakesOutPasswordsOfUrls) {
  EXPECT_EQ(redact("https://ann:hunter2@example.org/a"), "https://ann:[redacted:url-password]@example.org/a");
  EXPECT_EQ(redact("postgres://u:p@db:5432/x, redis://r:q@h"),
            "postgres://u:[redacted:url-password]@db:5432/x, redis://r:[redacted:url-password]@h");
}

TEST(Redact, LeavesWhatOnlyLooksLikeOne) {
  for (const std::string text : {"ghp_short",
                                 "github_pat_short",
                                 "hf_models",
                                 "hf_hub_download",
                                 "task-0123456789abcdefABCDEF0123456789abcdef",
                                 "sk-learn-random-forest-baseline-with-many-trees-2024",
                                 "sk-SomeVeryLongClassNameWithoutAnyDigitsAtAll",
                                 "xoxo",
                                 "xoxb-words-without-any",
                                 "AIza",
                                 "AIzaSyShort",
                                 "eyJhbGciOiJIUzI1NiJ9",
                                 "eyJ.eyJ.x",
                                 "-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----",
                                 "-----BEGIN PUBLIC KEY-----",
                                 "https://example.org:8080/a@b",
                                 "s3://bucket/a:b@c",
                                 "https://ann@example.org",
                                 "https://ann:@example.org",
                                 "https://ann:$TOKEN@example.org",
                                 "https://ann:${TOKEN}@example.org",
                                 "docker://gan:latest@sha256:0123",
                                 "file:///work/a:b",
                                 "http://[::1]:80/"}) {
    EXPECT_EQ(redact(text), text);
  }
}

TEST(Redact, LeavesLinesOfConfigsAndLogsAlone) {
  for (const std::string text :
       {"  ARN: arn:aws:iam::123456789012:role/SageMakerTraining",
        "  IMAGE_URI: 123456789012.dkr.ecr.us-east-2.amazonaws.com/gan_training:build_0_1",
        "[0/10] [150/1583] Loss_D: 1.7123 Loss_G: 5.0201 D(x): 0.4312 D(G(z)): 0.2211 / 0.0123",
        "{\"v\":1,\"t\":1795439002.118,\"step\":150,\"epoch\":1,\"m\":{\"generator/loss\":2.141}}",
        "sha256:0f3e9d5c1c8a4f6b2d7e8a9b0c1d2e3f405162738495a6b7c8d9eaf0b1c2d3e4", "gan-training-20261123-130245-7f3a2",
        "38445c3f2f9a9e1d1f1b0c5a7d6e8f90a1b2c3d4", "NCCL_DEBUG: INFO", "TOKENIZERS_PARALLELISM=false",
        "index 3b18e512dba79e4c8300dd08aeb37f8e728b8dad..100644",
        "s3://sagemaker-gan-results/ml_engineer_1/gan/output/model.tar.gz",
        "Epoch 3/10 ━━━━━ 12,345 images/s, lr 2.0e-04, eta 0:12:31",
        "torch.Size([128, 3, 64, 64]) cuda:0 NVIDIA H100 80GB HBM3"}) {
    EXPECT_EQ(redact(text), text);
  }
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

// Words, numbers, paths, hashes and names in the ways of configs and logs.
TEST(Redact, RandomOrdinaryTextStaysAsItIs) {
  std::mt19937_64 random(12);
  const auto pick = [&](std::string_view from, std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += from[random() % from.size()];
    return text;
  };
  const std::array<std::string, 12> joints = {" ", ": ", "=", "/", "-", "_", ".", ", ", "\n", "\": \"", "://", "@"};
  for (int round = 0; round < 5000; ++round) {
    std::string text;
    for (int part = 0; part < 30; ++part) {
      const std::size_t length = 1 + random() % 12;
      switch (random() % 4) {
        case 0:
          text += pick("abcdefghijklmnopqrstuvwxyz", length);
          break;
        case 1:
          text += pick("0123456789", length);
          break;
        case 2:
          text += pick("0123456789abcdef", 40);
          break;
        default:
          text += pick("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 1) + pick("abcdefghijklmnopqrstuvwxyz", length);
          break;
      }
      // "://a:b@c" is a password.
      text += joints[random() % (part % 3 == 0 ? joints.size() : joints.size() - 2)];
      if (part % 3 == 0) text += " ";
    }
    ASSERT_EQ(redact(text), text);
  }
}

TEST(Redact, NoTokenSurvivesInRandomText) {
  std::mt19937_64 random(13);
  const std::string_view around = " \n\t\"'{}()<>,;:=|&?#!";
  for (int round = 0; round < 2000; ++round) {
    for (const auto& [rule, token] : tokens()) {
      std::string text;
      for (int i = 0; i < 10; ++i) text += around[random() % around.size()];
      text += token + "\n" + around[random() % around.size()];
      const std::string clean = redact(text);
      ASSERT_THAT(clean, Not(HasSubstr(token))) << text;
      ASSERT_EQ(redact(clean), clean);
    }
  }
}

TEST(SpeaksOfASecret, ByWholeWordsOnly) {
  for (const char* text :
       {"PASSWORD", "my_token = 1", "authToken", "api-key", "AWS_SECRET_ACCESS_KEY", "the access key"}) {
    EXPECT_TRUE(speaks_of_a_secret(text)) << text;
  }
  for (const char* text : {"", "TOKENIZERS_PARALLELISM", "MAX_TOKENS", "key", "monkey", "primary key", "secretary"}) {
    EXPECT_FALSE(speaks_of_a_secret(text)) << text;
  }
}

}  // namespace
}  // namespace smflow
