#include "client_fixture.hpp"

#include <smflow/aws/protocol.hpp>

namespace smflow::aws {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using TransportKind = http::TransportError::Kind;

const ApiCall describe{.operation = "DescribeTrainingJob", .body = http::body_of("{}")};

TEST_F(ClientTest, SignsAndSendsAJsonOperation) {
  transport_.answer(200, R"({"TrainingJobName": "a"})");
  const auto answer = call_json(*client(sagemaker), "DescribeTrainingJob", {{"TrainingJobName", "a"}});
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->at("TrainingJobName"), "a");
  const auto& sent = transport_.exchanges().at(0);
  EXPECT_EQ(sent.request.method, "POST");
  EXPECT_EQ(sent.request.url, "https://api.sagemaker.eu-west-1.amazonaws.com/");
  EXPECT_EQ(sent.body, R"({"TrainingJobName":"a"})");
  EXPECT_EQ(sent.header("X-Amz-Target"), "SageMaker.DescribeTrainingJob");
  EXPECT_EQ(sent.header("Content-Type"), "application/x-amz-json-1.1");
  EXPECT_THAT(sent.header("Authorization"), HasSubstr("Credential=KEY-1/20240115/eu-west-1/sagemaker/aws4_request"));
}

TEST_F(ClientTest, TakesAnEmptyAnswerForAnEmptyObject) {
  transport_.answer(200);
  EXPECT_EQ(call_json(*client(sagemaker), "StopTrainingJob", Json::object()), Json::object());
}

TEST_F(ClientTest, SaysWhenAnAnswerIsNoJson) {
  transport_.answer(200, "<html>", {{"x-amzn-RequestId", "r-1"}});
  const auto answer = call_json(*client(sagemaker), "DescribeTrainingJob", Json::object());
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, AwsError::Kind::answer);
  EXPECT_EQ(as_error(answer.error()).code, "E430");
  EXPECT_THAT(as_error(answer.error()).message, HasSubstr("r-1"));
}

TEST_F(ClientTest, SendsAFormAndTakesXml) {
  transport_.answer(200, "<R/>");
  const auto answer = call_query(*client(sts), "GetCallerIdentity", {{"A b", "c&d"}});
  EXPECT_EQ(answer, "<R/>");
  EXPECT_EQ(transport_.exchanges()[0].body, "Action=GetCallerIdentity&Version=2011-06-15&A%20b=c%26d");
}

TEST_F(ClientTest, SendsAnonymousCallsWithoutSignatureOrToken) {
  transport_.answer(200, "<R/>");
  ASSERT_TRUE(call_query(*client(sts), "AssumeRoleWithWebIdentity", {}, true));
  for (const http::Header& header : transport_.exchanges()[0].request.headers) {
    EXPECT_THAT(header.name, Not(testing::AnyOf("Authorization", "X-Amz-Security-Token", "X-Amz-Date")));
  }
}

TEST_F(ClientTest, KeepsTheBasePathOfAnEndpoint) {
  transport_.answer(200);
  ASSERT_TRUE(client(s3, {.url = "http://h:9000/base"})
                  ->call({.operation = "GetObject", .method = "GET", .path = "/a b", .bucket = "bucket"}));
  EXPECT_EQ(transport_.exchanges()[0].request.url, "http://h:9000/base/bucket/a%20b");
}

TEST_F(ClientTest, RepeatsTransientFailuresWithGrowingPauses) {
  transport_.answer(503);
  transport_.fail(TransportKind::broken);
  transport_.answer(200);
  const auto answer = client(sagemaker)->call(describe);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->attempts, 3);
  EXPECT_THAT(slept_, ElementsAre(25, 50));
}

TEST_F(ClientTest, GivesUpAfterThreeAttempts) {
  for (int i = 0; i < 4; ++i) transport_.answer(500, R"({"__type": "InternalFailure"})");
  const auto answer = client(sagemaker)->call(describe);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().attempts, 3);
  EXPECT_EQ(transport_.unused_answers(), 1u);
  const Error error = as_error(answer.error());
  EXPECT_EQ(error.code, "E428");
  EXPECT_EQ(error.exit, ExitCode::service);
  EXPECT_THAT(error.message, HasSubstr("3 attempts"));
}

TEST_F(ClientTest, PausesLongerWhenThrottled) {
  transport_.answer(400, R"({"__type": "com.amazonaws#ThrottlingException:http://x", "message": "Rate exceeded"})");
  transport_.answer(200);
  ASSERT_TRUE(client(sagemaker)->call(describe));
  EXPECT_THAT(slept_, ElementsAre(500));
}

TEST_F(ClientTest, ObeysTheServersHintWithinFiveSeconds) {
  transport_.answer(503, "", {{"x-amz-retry-after", "2000"}});
  transport_.answer(503, "", {{"x-amz-retry-after", "60000"}});
  transport_.answer(200);
  ASSERT_TRUE(client(sagemaker)->call(describe));
  EXPECT_THAT(slept_, ElementsAre(2000, 5050));
}

TEST_F(ClientTest, SendsAgainAtOnceOnceWhenAnIdleConnectionWasClosed) {
  transport_.fail(TransportKind::connection_reused);
  transport_.answer(200);
  ASSERT_TRUE(client(sagemaker)->call(describe));
  EXPECT_THAT(slept_, IsEmpty());
}

TEST_F(ClientTest, StopsRepeatingWhenTheQuotaIsUsedUp) {
  transport_.otherwise = [](const auto&) { return http::Response{503, {}, ""}; };
  const auto one = client(sagemaker);
  for (int i = 0; i < 17; ++i) EXPECT_EQ(one->call(describe).error().attempts, 3) << i;
  EXPECT_EQ(one->call(describe).error().attempts, 2);
  EXPECT_THAT(one->call(describe).error().message, HasSubstr("too many calls had failed"));
}

TEST_F(ClientTest, DoesNotRepeatWhatCannotBecomeBetter) {
  for (const auto kind : {TransportKind::resolve, TransportKind::tls, TransportKind::too_large, TransportKind::local}) {
    transport_.fail(kind);
    EXPECT_EQ(client(sagemaker)->call(describe).error().attempts, 1);
  }
  transport_.answer(400, R"({"__type": "ValidationException", "message": "no"})");
  EXPECT_EQ(client(sagemaker)->call(describe).error().attempts, 1);
}

TEST_F(ClientTest, DoesNotRepeatWhatTheSinkHasTakenFrom) {
  transport_.otherwise = [](const auto& exchange) -> test::FakeTransport::Sent {
    EXPECT_TRUE(exchange.request.sink({}));
    return tl::unexpected(http::TransportError{TransportKind::broken, "cut"});
  };
  ApiCall get{.operation = "GetObject", .method = "GET", .bucket = "bucket"};
  get.sink = [](std::span<const std::byte>) -> Result<void> { return {}; };
  EXPECT_EQ(client(s3)->call(get).error().attempts, 1);
}

TEST_F(ClientTest, FetchesExpiredCredentialsOnceAndSignsAgain) {
  transport_.answer(400, R"({"__type": "ExpiredTokenException"})");
  transport_.answer(200);
  ASSERT_TRUE(client(sagemaker)->call(describe));
  EXPECT_THAT(transport_.exchanges()[1].header("Authorization"), HasSubstr("KEY-2/"));
  EXPECT_THAT(slept_, IsEmpty());

  transport_.answer(400, R"({"__type": "ExpiredTokenException"})");
  transport_.answer(400, R"({"__type": "ExpiredTokenException"})");
  const auto answer = client(sagemaker)->call(describe);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().attempts, 2);
  EXPECT_EQ(as_error(answer.error()).code, "E421");
}

TEST_F(ClientTest, PassesOnWhyThereAreNoCredentials) {
  credentials_.failure = Error{.code = "E406", .exit = ExitCode::permission, .message = "the login has expired"};
  const auto answer = client(sagemaker)->call(describe);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, AwsError::Kind::credentials);
  EXPECT_EQ(as_error(answer.error()).code, "E406");
  EXPECT_THAT(transport_.exchanges(), IsEmpty());
}

// The server is 20 minutes ahead of the clock of the test.
const http::Headers server_date{{"Date", "Mon, 15 Jan 2024 12:20:00 GMT"}};

TEST_F(ClientTest, SignsAgainWithTheServersClockAndKeepsTheOffset) {
  transport_.answer(403, "<Error><Code>RequestTimeTooSkewed</Code></Error>", server_date);
  transport_.answer(200);
  transport_.answer(200);
  const auto one = client(s3);
  ASSERT_TRUE(one->call({.operation = "ListBuckets", .method = "GET"}));
  ASSERT_TRUE(one->call({.operation = "ListBuckets", .method = "GET"}));
  EXPECT_EQ(transport_.exchanges()[0].header("X-Amz-Date"), "20240115T120000Z");
  EXPECT_EQ(transport_.exchanges()[1].header("X-Amz-Date"), "20240115T122000Z");
  EXPECT_EQ(transport_.exchanges()[2].header("X-Amz-Date"), "20240115T122000Z");
}

TEST_F(ClientTest, BlamesTheClockForASignatureOnlyWhenItIsFarOff) {
  transport_.answer(400, R"({"__type": "InvalidSignatureException"})", {{"Date", "Mon, 15 Jan 2024 12:02:00 GMT"}});
  EXPECT_EQ(client(sagemaker)->call(describe).error().attempts, 1);
  transport_.answer(400, R"({"__type": "InvalidSignatureException"})", server_date);
  transport_.answer(200);
  EXPECT_TRUE(client(sagemaker)->call(describe));
  transport_.answer(403, "<Error><Code>RequestTimeTooSkewed</Code></Error>",
                    {{"Date", server_date[0].value}, {"Age", "3"}});
  const auto answer = client(s3)->call({.operation = "ListBuckets", .method = "GET"});
  ASSERT_FALSE(answer);
  EXPECT_EQ(as_error(answer.error()).code, "E422");
}

TEST_F(ClientTest, IsCancelledBetweenAttempts) {
  std::stop_source stop;
  transport_.otherwise = [&](const auto&) {
    stop.request_stop();
    return http::Response{503, {}, ""};
  };
  ApiCall call = describe;
  call.cancel = stop.get_token();
  const auto answer = client(sagemaker)->call(call);
  ASSERT_FALSE(answer);
  EXPECT_EQ(as_error(answer.error()).code, "E432");
  EXPECT_EQ(as_error(answer.error()).exit, ExitCode::interrupted);
}

TEST_F(ClientTest, PassesOnAFailureOfOurSide) {
  transport_.fail(TransportKind::local);
  EXPECT_EQ(as_error(client(sagemaker)->call(describe).error()).code, "E433");
  EXPECT_EQ(as_error(client(sagemaker, {.url = "nonsense"})->call(describe).error()).code, "E412");
}

TEST_F(ClientTest, SaysThatTheNetworkFailed) {
  transport_.fail(TransportKind::resolve, "the host 'api.sagemaker.eu-west-1.amazonaws.com' is unknown");
  const Error error = as_error(client(sagemaker)->call(describe).error());
  EXPECT_EQ(error.code, "E429");
  EXPECT_EQ(error.exit, ExitCode::service);
  EXPECT_THAT(error.message, HasSubstr("sagemaker DescribeTrainingJob failed: the host"));
}

}  // namespace
}  // namespace smflow::aws
