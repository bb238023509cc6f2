#include "client_fixture.hpp"

#include <smflow/aws/ecr_host.hpp>
#include <smflow/aws/operations/ecr.hpp>
#include <smflow/base/base64.hpp>
#include <smflow/base/json.hpp>

namespace smflow::aws {

TEST(EcrHost, IsOfAPartitionAndOfNobodyElse) {
  const auto host = parse_ecr_host("123456789012.dkr.ecr.us-iso-east-1.c2s.ic.gov");
  ASSERT_TRUE(host);
  EXPECT_EQ(host->account, "123456789012");
  EXPECT_EQ(host->region, "us-iso-east-1");
  EXPECT_TRUE(parse_ecr_host("123456789012.dkr.ecr-fips.us-east-1.amazonaws.com"));
  EXPECT_TRUE(parse_ecr_host("123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn"));
  EXPECT_EQ(parse_ecr_host("123456789012.dkr-ecr.eu-west-1.on.aws")->region, "eu-west-1");
  EXPECT_EQ(parse_ecr_host("123456789012.dkr-ecr-fips.us-gov-west-1.on.aws")->region, "us-gov-west-1");
  for (const char* other :
       {"", "docker.io", "123456789012.dkr.ecr.eu-west-1.amazonaws.com.evil.org", "12.dkr.ecr.eu-west-1.amazonaws.com",
        "123456789012.dkr.ecr.eu-west-1.evil.org", "123456789012.dkr.ecr.cn-north-1.amazonaws.com",
        "123456789012.dkr-ecr.eu-west-1.on.aws.evil.org", "123456789012.dkr-ecr.us-iso-east-1.on.aws",
        "123456789012.dkr-s3.eu-west-1.on.aws", "123456789012.dkr.s3.eu-west-1.amazonaws.com",
        "12345678901a.dkr.ecr.eu-west-1.amazonaws.com"}) {
    EXPECT_FALSE(parse_ecr_host(other)) << other;
  }
}
namespace {

using Kind = AwsError::Kind;

class Ecr : public ClientTest {
 protected:
  Json sent() const { return Json::parse(transport_.exchanges().back().body); }
  std::string target() const { return transport_.exchanges().back().header("X-Amz-Target"); }
  std::unique_ptr<Client> client_ = client(ecr);
  const RepositoryName repository_{"123456789012", "gan"};
};

TEST_F(Ecr, DescribesOneImage) {
  transport_.answer(200, R"({"imageDetails":[{"imageDigest":"sha256:a","imageTags":["x"],"imageSizeInBytes":7,
                             "imagePushedAt":1.7E9,"imageManifestMediaType":"m"}]})");
  const auto image = describe_image(*client_, repository_, {.tag = "x"});
  ASSERT_TRUE(image);
  EXPECT_EQ(image->digest, "sha256:a");
  EXPECT_EQ(image->tags, std::vector<std::string>{"x"});
  EXPECT_EQ(image->size, 7u);
  EXPECT_EQ(image->manifest_type, "m");
  EXPECT_EQ(sent(), Json::parse(R"({"repositoryName":"gan","registryId":"123456789012",
                                    "imageIds":[{"imageTag":"x"}]})"));
}

TEST_F(Ecr, NamesAnImageByItsDigestFirst) {
  transport_.answer(400, R"({"__type":"ImageNotFoundException","message":"no"})");
  EXPECT_EQ(describe_image(*client_, {"", "gan"}, {"x", "sha256:a"}).error().kind, Kind::not_found);
  EXPECT_EQ(sent(), Json::parse(R"({"repositoryName":"gan","imageIds":[{"imageDigest":"sha256:a"}]})"));
}

TEST_F(Ecr, ReadsAManifestOfEveryType) {
  transport_.answer(200, R"({"images":[{"imageId":{"imageDigest":"sha256:a"},"imageManifest":"{}",
                             "imageManifestMediaType":"m"}],"failures":[]})");
  const auto image = get_image(*client_, repository_, {.tag = "x"});
  ASSERT_TRUE(image);
  EXPECT_EQ(image->digest, "sha256:a");
  EXPECT_EQ(image->media_type, "m");
  EXPECT_EQ(image->text, "{}");
  EXPECT_EQ(target(), "AmazonEC2ContainerRegistry_V20150921.BatchGetImage");
  EXPECT_EQ(sent().at("acceptedMediaTypes").size(), 4u);
}

TEST_F(Ecr, TakesAFailureWithStatus200AsOne) {
  transport_.answer(200, R"({"images":[],"failures":[{"failureCode":"ImageNotFound","failureReason":"no"}]})");
  const auto missing = get_image(*client_, repository_, {.tag = "x"});
  EXPECT_EQ(missing.error().kind, Kind::not_found);
  EXPECT_EQ(missing.error().message, "no");
  transport_.answer(200, R"({"images":[],"failures":[{"failureCode":"KmsError"}]})");
  EXPECT_EQ(get_image(*client_, repository_, {.tag = "x"}).error().kind, Kind::invalid);
}

TEST_F(Ecr, RefusesAnswersOfTheWrongForm) {
  for (const char* body : {R"({})", R"({"images":[{}]})", R"({"images":[{"imageManifest":{}}]})", R"({"images":7})",
                           R"({"failures":"x"})"}) {
    transport_.answer(200, body);
    EXPECT_EQ(get_image(*client_, repository_, {.tag = "x"}).error().kind, Kind::answer) << body;
  }
  transport_.answer(200, R"({"imageDetails":[{"imageDigest":"d","imageSizeInBytes":-1}]})");
  EXPECT_EQ(describe_image(*client_, repository_, {.tag = "x"}).error().kind, Kind::answer);
}

TEST_F(Ecr, SaysWhereALayerIs) {
  transport_.answer(200, R"({"downloadUrl":"https://x/y"})");
  EXPECT_EQ(get_download_url(*client_, repository_, "sha256:a").value(), "https://x/y");
  EXPECT_EQ(sent().at("layerDigest"), "sha256:a");
}

TEST_F(Ecr, FindsAndMakesRepositories) {
  transport_.answer(200, R"({"repositories":[{"repositoryName":"gan","repositoryUri":"u"}]})");
  EXPECT_EQ(describe_repository(*client_, repository_)->uri, "u");
  EXPECT_EQ(sent().at("repositoryNames"), Json::array({"gan"}));
  transport_.answer(200, R"({"repository":{"repositoryName":"gan","repositoryUri":"u"}})");
  EXPECT_EQ(create_repository(*client_, {.name = "gan", .immutable_tags = true})->uri, "u");
  EXPECT_EQ(sent().at("imageTagMutability"), "IMMUTABLE");
  transport_.answer(400, R"({"__type":"RepositoryAlreadyExistsException","message":"it exists"})");
  EXPECT_EQ(create_repository(*client_, {.name = "gan"}).error().kind, Kind::conflict);
}

TEST_F(Ecr, SplitsTheTokenAtItsFirstColon) {
  transport_.answer(200, R"({"authorizationData":[{"authorizationToken":")" + to_base64("AWS:a:b") +
                             R"(","proxyEndpoint":"https://r","expiresAt":1.7E9}]})");
  const auto login = get_authorization_token(*client_);
  ASSERT_TRUE(login);
  EXPECT_EQ(login->user, "AWS");
  EXPECT_EQ(login->password, "a:b");
  EXPECT_EQ(login->endpoint, "https://r");
  for (const char* body : {R"({"authorizationData":[]})", R"({"authorizationData":[{"authorizationToken":"?"}]})",
                           R"({"authorizationData":[{"authorizationToken":"QUJD"}]})"}) {
    transport_.answer(200, body);
    EXPECT_EQ(get_authorization_token(*client_).error().kind, Kind::answer) << body;
  }
}

}  // namespace
}  // namespace smflow::aws
