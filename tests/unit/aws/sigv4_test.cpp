#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <smflow/aws/encoding.hpp>
#include <smflow/aws/sigv4.hpp>

namespace smflow::aws {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

const Credentials example{"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"};
const WallTime noon{std::chrono::seconds{1705320000}};  // 2024-01-15 12:00:00 UTC

SignedRequest signed_by(const Credentials& credentials, const SignableRequest& request, const SigningScope& scope,
                        WallTime time = noon) {
  SigningKeys keys;
  return sign(request, credentials, scope, time, keys);
}

std::string authorization(const SignedRequest& request) {
  return std::string(http::find_header(request.headers, "authorization").value_or(""));
}

std::string canonical_hash(const SignableRequest& request, const SignedRequest& result, const std::string& service,
                           std::string_view payload_hash) {
  http::Headers headers = result.headers;
  return sha256_digits(
      canonical_request(request.method, encode_target(request.path, request.query, service), headers, payload_hash)
          .text);
}

const std::string empty_hash = sha256_digits("");

TEST(Sign, JsonOperation) {
  const SignableRequest request{
      .method = "POST",
      .authority = "api.sagemaker.us-west-2.amazonaws.com",
      .headers = {{"Content-Type", "application/x-amz-json-1.1"}, {"X-Amz-Target", "SageMaker.DescribeTrainingJob"}},
      .payload_hash = sha256_digits("{\"TrainingJobName\": \"demo-1\"}")};
  const auto result = signed_by(example, request, {"us-west-2", "sagemaker"});
  EXPECT_EQ(result.url, "https://api.sagemaker.us-west-2.amazonaws.com/");
  EXPECT_EQ(canonical_hash(request, result, "sagemaker", request.payload_hash),
            "25cb781242d064a84e01b0bf769eba58a508f04538b4edcfcfc31e1a0adaa027");
  EXPECT_EQ(authorization(result),
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20240115/us-west-2/sagemaker/aws4_request, "
            "SignedHeaders=content-type;host;x-amz-date;x-amz-target, "
            "Signature=f0f968cf4491453e798a280aac261e3a240c71624505f83ecc57dade137b64e3");
}

TEST(Sign, S3WithTokenEncodesThePathOnce) {
  const SignableRequest request{.authority = "my-bucket.s3.us-west-2.amazonaws.com",
                                .path = "/a b/c+d/\xc3\xa9.txt",
                                .query = {{"list-type", "2"}, {"prefix", "x/y"}, {"delimiter", ""}}};
  Credentials temporary = example;
  temporary.session_token = "TOK";
  const auto result = signed_by(temporary, request, {"us-west-2", "s3"});
  EXPECT_EQ(result.url,
            "https://my-bucket.s3.us-west-2.amazonaws.com/a%20b/c%2Bd/%C3%A9.txt?delimiter=&list-type=2&prefix=x%2Fy");
  EXPECT_EQ(canonical_hash(request, result, "s3", empty_hash),
            "090a308d70d05099941892f71e3a1a2e9a10a2327b806f5b7a55b09d9d85e9ff");
  EXPECT_THAT(authorization(result), EndsWith("cef96ec672a8cf9eb42bdc36be45e4a2bc73253cf63bcd1dd5571b92207cbfce"));
}

TEST(Sign, OtherServicesNormaliseAndEncodeThePathTwice) {
  const SignableRequest request{.authority = "example.us-west-2.amazonaws.com", .path = "/a b/./c/../d//e"};
  const auto result = signed_by(example, request, {"us-west-2", "logs"});
  EXPECT_EQ(encode_target(request.path, {}, "logs").canonical_path, "/a%2520b/d/e");
  EXPECT_EQ(canonical_hash(request, result, "logs", empty_hash),
            "ca5aa6766c29c5aabe7a50845e2d9d7c46419bbf1473e77e7eba01e49faecfef");
  EXPECT_THAT(authorization(result), EndsWith("2d50360289ccf37d4b5a1b1def5ab994e4ffabb1f0fbac86c7ccda3f7c97304e"));
}

TEST(Sign, S3PayloadMayBeLeftUnsigned) {
  const SignableRequest request{.method = "PUT",
                                .authority = "my-bucket.s3.us-west-2.amazonaws.com",
                                .path = "/k",
                                .headers = {{"Content-MD5", "1B2M2Y8AsgTpgAmY7PhCfg=="}},
                                .payload_hash = std::string(unsigned_payload)};
  const auto result = signed_by(example, request, {"us-west-2", "s3"});
  EXPECT_EQ(canonical_hash(request, result, "s3", unsigned_payload),
            "0c6c6a2435531c2f9b4e83f78957aa766ceb7595ffe51d8d314dcbe099f086b0");
  EXPECT_THAT(authorization(result), EndsWith("70594ca059e97defdb5855c749563613c79c4331a843b4874c4313f8cc4708f9"));
}

// The examples of the Amazon S3 API Reference, "Signature Calculations for the Authorization Header" and "Using Query
// Parameters".
const Credentials documented{"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"};
const WallTime may_2013{std::chrono::seconds{1369353600}};
const std::string example_bucket = "examplebucket.s3.amazonaws.com";

TEST(Sign, EqualsTheExamplesOfTheS3Reference) {
  const SigningScope scope{"us-east-1", "s3"};
  const SignableRequest get{.authority = example_bucket, .path = "/test.txt", .headers = {{"Range", "bytes=0-9"}}};
  EXPECT_THAT(authorization(signed_by(documented, get, scope, may_2013)),
              EndsWith("f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"));
  const SignableRequest lifecycle{.authority = example_bucket, .query = {{"lifecycle", ""}}};
  EXPECT_THAT(authorization(signed_by(documented, lifecycle, scope, may_2013)),
              EndsWith("fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"));
  const SignableRequest list{.authority = example_bucket, .query = {{"prefix", "J"}, {"max-keys", "2"}}};
  EXPECT_THAT(authorization(signed_by(documented, list, scope, may_2013)),
              EndsWith("34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"));
}

TEST(Presign, EqualsTheExampleOfTheS3Reference) {
  SigningKeys keys;
  const SignableRequest request{.authority = example_bucket, .path = "/test.txt"};
  const std::string url = presign(request, documented, {"us-east-1", "s3"}, may_2013, std::chrono::hours{24}, keys);
  EXPECT_THAT(url, HasSubstr("https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256"));
  EXPECT_THAT(url, HasSubstr("&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&"));
  EXPECT_THAT(url, EndsWith("&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"));
}

TEST(Sign, SignsWhatIsRepeatedAndLeavesOutWhatOthersChange) {
  const http::Headers headers{{"B", " x  y "},          {"b", "z"},
                              {"User-Agent", "u"},      {"Expect", "100-continue"},
                              {"X-Amzn-Trace-Id", "t"}, {"Transfer-Encoding", "chunked"},
                              {"Authorization", "old"}};
  const auto canonical = canonical_request("GET", encode_target("/", {}, "sts"), headers, "hash");
  EXPECT_EQ(canonical.text, "GET\n/\n\nb:x y,z\n\nb\nhash");
}

TEST(Sign, SortsTheQueryByEncodedNameThenValue) {
  const Query query{{"a-b", "1"}, {"a", "2"}, {"a", "1"}, {"A", "\xc3\xa9"}, {"a+", ""}};
  EXPECT_EQ(encode_target("/", query, "sts").query, "A=%C3%A9&a=1&a=2&a%2B=&a-b=1");
}

TEST(Sign, NormalisesOddPathsButNeverThoseOfS3) {
  const std::pair<const char*, const char*> rows[] = {
      {"", "/"},      {"/", "/"},          {"//", "/"},    {"/..", "/"}, {"/a/..", "/"},
      {"/a/", "/a/"}, {"/a/b/../", "/a/"}, {"/./a", "/a"}, {"a", "/a"},  {"/a//b/", "/a/b/"}};
  for (const auto& [path, canonical] : rows) {
    EXPECT_EQ(encode_target(path, {}, "logs").canonical_path, canonical) << path;
  }
  EXPECT_EQ(encode_target("/a//b/../c", {}, "s3").canonical_path, "/a//b/../c");
}

TEST(SigningKeys, AreThoseOfTheirScopeAlsoWhenManyAreInUse) {
  SigningKeys keys;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&keys] {
      for (int i = 0; i < 200; ++i) {
        const SigningScope scope{"region-" + std::to_string(i % 20), "s3"};
        EXPECT_EQ(keys.get("secret", noon, scope), signing_key("secret", noon, scope));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const SigningScope scope{"us-east-1", "s3"};
  const WallTime tomorrow = noon + std::chrono::hours{24};
  EXPECT_NE(keys.get("secret", noon, scope), keys.get("other", noon, scope));
  EXPECT_NE(keys.get("secret", noon, scope), keys.get("secret", tomorrow, scope));
}

}  // namespace
}  // namespace smflow::aws
