#include "client_fixture.hpp"

namespace smflow::aws {
namespace {

using testing::HasSubstr;

class S3Client : public ClientTest {
 protected:
  const ApiCall get_{.operation = "GetObject", .method = "GET", .path = "/k", .bucket = "bucket"};
  const std::string here_ = "https://bucket.s3.eu-west-1.amazonaws.com/k";
  const std::string there_ = "https://bucket.s3.us-east-2.amazonaws.com/k";
};

TEST_F(S3Client, GoesToTheRegionOfTheBucketAndRemembersIt) {
  transport_.answer(301, "<Error><Code>PermanentRedirect</Code></Error>", {{"x-amz-bucket-region", "us-east-2"}});
  transport_.answer(200);
  transport_.answer(200);
  const auto one = client(s3);
  ASSERT_TRUE(one->call(get_));
  ASSERT_TRUE(one->call(get_));
  EXPECT_EQ(transport_.exchanges()[0].request.url, here_);
  EXPECT_EQ(transport_.exchanges()[1].request.url, there_);
  EXPECT_THAT(transport_.exchanges()[1].header("Authorization"), HasSubstr("/us-east-2/s3/"));
  EXPECT_EQ(transport_.exchanges()[2].request.url, there_);
}

// Does something before it answers, once.
class BusyCredentials : public CredentialSource {
 public:
  Result<Credentials> get() override {
    if (auto before = std::exchange(meanwhile, {})) before();
    return Credentials{"KEY", "secret"};
  }
  void reject(const Credentials&) override {}
  std::function<void()> meanwhile;
};

TEST_F(S3Client, GoesToTheRegionThatAnotherCallHasLearntMeanwhile) {
  const std::pair<std::string, std::string> region{"x-amz-bucket-region", "us-east-2"};
  for (int call = 0; call < 2; ++call) {
    transport_.answer(301, "", {{region.first, region.second}});
    transport_.answer(200);
  }
  BusyCredentials credentials;
  ClientParts parts = this->parts();
  parts.credentials = &credentials;
  Client one(s3, "eu-west-1", {}, parts);
  credentials.meanwhile = [&] { EXPECT_TRUE(one.call(get_)); };
  EXPECT_TRUE(one.call(get_));
  EXPECT_EQ(transport_.exchanges()[2].request.url, here_);
  EXPECT_EQ(transport_.exchanges()[3].request.url, there_);
}

TEST_F(S3Client, TakesTheRegionFromTheBody) {
  transport_.answer(400, "<Error><Code>AuthorizationHeaderMalformed</Code><Region>us-east-2</Region></Error>");
  transport_.answer(200);
  ASSERT_TRUE(client(s3)->call(get_));
  EXPECT_EQ(transport_.exchanges()[1].request.url, there_);
}

TEST_F(S3Client, AsksWithHeadWhenTheAnswerDoesNotSayTheRegion) {
  transport_.answer(400);
  transport_.answer(301, "", {{"x-amz-bucket-region", "us-east-2"}});
  transport_.answer(200);
  ASSERT_TRUE(client(s3)->call(get_));
  EXPECT_EQ(transport_.exchanges()[1].request.method, "HEAD");
  EXPECT_EQ(transport_.exchanges()[2].request.url, there_);
}

TEST_F(S3Client, GoesToAnotherRegionOnlyOnce) {
  for (const char* region : {"us-east-2", "us-east-1"}) {
    transport_.answer(301, "", {{"x-amz-bucket-region", region}});
  }
  const auto answer = client(s3)->call(get_);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().attempts, 2);
  EXPECT_EQ(as_error(answer.error()).code, "E431");
}

TEST_F(S3Client, DoesNotFollowARegionThatIsNone) {
  transport_.answer(301, "", {{"x-amz-bucket-region", "evil.example/"}});
  EXPECT_FALSE(client(s3)->call(get_));
  EXPECT_EQ(transport_.exchanges().size(), 1u);
}

TEST_F(S3Client, FollowsATemporaryRedirectWithinAws) {
  transport_.answer(307, "", {{"Location", "https://bucket.s3-eu-west-1.amazonaws.com/k?x=y"}});
  transport_.answer(200);
  ASSERT_TRUE(client(s3)->call(get_));
  EXPECT_EQ(transport_.exchanges()[1].request.url, "https://bucket.s3-eu-west-1.amazonaws.com/k");
  EXPECT_EQ(transport_.exchanges()[1].header("Host"), "bucket.s3-eu-west-1.amazonaws.com");
}

TEST_F(S3Client, NeverSendsCredentialsToAnotherHost) {
  for (const char* location : {"https://evil.example/k", "http://bucket.s3.amazonaws.com/k",
                               "https://amazonaws.com.evil/k", "https://evilamazonaws.com/k", "/relative"}) {
    transport_.answer(307, "", {{"Location", location}});
    const auto answer = client(s3)->call(get_);
    ASSERT_FALSE(answer) << location;
    EXPECT_EQ(answer.error().kind, AwsError::Kind::redirect);
  }
  transport_.answer(307, "", {{"Location", "http://x.amazonaws.com/k"}});
  EXPECT_FALSE(client(s3, {.url = "http://127.0.0.1:9000"})->call(get_));
}

const ApiCall complete{.operation = "CompleteMultipartUpload", .xml_answer = true, .bucket = "bucket"};

TEST_F(S3Client, RepeatsAnErrorInsideOfASuccess) {
  transport_.answer(200, "  \n<Error><Code>InternalError</Code></Error>");
  transport_.answer(200, "<CompleteMultipartUploadResult/>");
  const auto answer = client(s3)->call(complete);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->attempts, 2);
}

TEST_F(S3Client, ReportsAFinalErrorInsideOfASuccessAtOnce) {
  transport_.answer(200, "<Error><Code>AccessDenied</Code><RequestId>r-7</RequestId></Error>");
  const auto answer = client(s3)->call(complete);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().attempts, 1);
  EXPECT_EQ(answer.error().request_id, "r-7");
  EXPECT_EQ(as_error(answer.error()).code, "E420");
}

TEST_F(S3Client, RepeatsATruncatedAnswer) {
  for (int i = 0; i < 3; ++i) transport_.answer(200, "<CompleteMultipart", {{"x-amz-request-id", "r-8"}});
  const auto answer = client(s3)->call(complete);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().attempts, 3);
  EXPECT_EQ(answer.error().kind, AwsError::Kind::answer);
  EXPECT_EQ(answer.error().request_id, "r-8");
}

TEST_F(S3Client, PresignsAUrl) {
  const auto url = client(s3)->presign(get_, std::chrono::minutes{15});
  ASSERT_TRUE(url);
  EXPECT_THAT(*url,
              HasSubstr(here_ + "?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=KEY-1%2F20240115%2Feu-west-1"));
  ClientParts without = parts();
  without.credentials = nullptr;
  EXPECT_EQ(Client(s3, "eu-west-1", {}, without).presign(get_, std::chrono::minutes{1}).error().code, "E400");
}

}  // namespace
}  // namespace smflow::aws
