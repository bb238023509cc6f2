#include "router.hpp"

#include "http_server.hpp"
#include "scripted_service.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace smflow::emulator {

namespace {

using testing::HasSubstr;

class RouterTest : public testing::Test {
 protected:
  HttpAnswer send(std::vector<HttpHeader> headers, std::string body = "{}") {
    headers.push_back({"host", "127.0.0.1:4599"});
    return router.answer({.method = "POST", .target = "/", .headers = std::move(headers), .body = std::move(body)});
  }

  ScriptedService service;
  LogStore logs{service.clock};
  JobTable jobs{service, logs, service.clock, {}};
  TrainingApi training{jobs, {}};
  LogsApi logs_api{logs};
  Router router{training, logs_api, {}};
};

TEST_F(RouterTest, AnswersByTarget) {
  EXPECT_EQ(send({{"x-amz-target", "SageMaker.ListTrainingJobs"}}).body.text(), R"({"TrainingJobSummaries":[]})");
  EXPECT_THAT(send({{"X-Amz-Target", "Logs_20140328.DescribeLogStreams"}}).body.text(), HasSubstr("InvalidParameter"));
  EXPECT_THAT(send({{"X-Amz-Target", "SageMaker.ListTrainingJobs"}}, "{").body.text(),
              HasSubstr("SerializationException"));
}

TEST_F(RouterTest, RefusesWebPages) {
  EXPECT_EQ(send({{"X-Amz-Target", "SageMaker.ListTrainingJobs"}, {"Origin", "http://a.example"}}).status, 403);
  const HttpRequest rebound{.method = "POST", .target = "/", .headers = {{"Host", "a.example:4599"}}, .body = ""};
  EXPECT_EQ(router.answer(rebound).status, 403);
}

TEST_F(RouterTest, SaysWhoTheCallerIsAndRefusesOtherServices) {
  const auto scope = [](const std::string& name) {
    return HttpHeader{"Authorization", "AWS4-HMAC-SHA256 Credential=AK/20261126/eu-west-1/" + name +
                                           "/aws4_request, SignedHeaders=host, Signature=0"};
  };
  EXPECT_THAT(send({scope("sts")}, "Action=GetCallerIdentity").body.text(),
              HasSubstr("<Account>000000000000</Account>"));
  const HttpAnswer s3 = send({scope("s3")});
  EXPECT_EQ(s3.status, 501);
  EXPECT_THAT(s3.body.text(), HasSubstr("--aws-endpoint"));
  EXPECT_EQ(credential_scope(scope("s3").value).region, "eu-west-1");
}

TEST(Forwarder, TakesPlainHttpOnly) {
  for (const char* wrong : {"https://127.0.0.1", "127.0.0.1:5000", "http://", "http://a/b"}) {
    EXPECT_EQ(make_forwarder(wrong).error().code, "E191") << wrong;
  }
}

TEST(HttpServer, APortThatIsTakenIsAnError) {
  const auto first = HttpServer::bind(0, [](const HttpRequest&) { return HttpAnswer(); });
  ASSERT_TRUE(first);
  const auto second = HttpServer::bind((*first)->port(), [](const HttpRequest&) { return HttpAnswer(); });
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, "E190");
}

TEST(HttpServer, AStopBeforeItServesHolds) {
  const auto server = HttpServer::bind(0, [](const HttpRequest&) { return HttpAnswer(); });
  ASSERT_TRUE(server);
  (*server)->stop();
  (*server)->serve();
  (*server)->stop();
}

}  // namespace

}  // namespace smflow::emulator
