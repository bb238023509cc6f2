#include "error_answer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <smflow/aws/service.hpp>

namespace smflow::aws {
namespace {

using testing::HasSubstr;
using testing::Not;
using Kind = AwsError::Kind;

TEST(ErrorAnswer, IsReadInEveryProtocol) {
  const auto json =
      read_error_answer({400, {{"x-amzn-RequestId", "r-1"}}, R"({"__type": "a.b#Code:http", "Message": "m"})"});
  EXPECT_EQ(json.code, "Code");
  EXPECT_EQ(json.message, "m");
  EXPECT_EQ(json.request_id, "r-1");
  const auto query = read_error_answer(
      {403,
       {},
       "<ErrorResponse><Error><Code>C</Code><Message>m</Message></Error><RequestId>r-2</RequestId></ErrorResponse>"});
  EXPECT_EQ(query.code, "C");
  EXPECT_EQ(query.request_id, "r-2");
  const auto rest = read_error_answer(
      {404, {{"X-Amz-Request-Id", "r-3"}}, "<?xml version='1.0'?><Error><Code>NoSuchKey</Code></Error>"});
  EXPECT_EQ(rest.code, "NoSuchKey");
  EXPECT_EQ(rest.request_id, "r-3");
}

TEST(ErrorAnswer, MayHaveItsCodeInAHeader) {
  EXPECT_EQ(
      read_error_answer({401, {{"x-amzn-ErrorType", "UnauthorizedException:http://x"}}, R"({"message": "m"})"}).code,
      "UnauthorizedException");
}

TEST(ErrorAnswer, OfAProxyIsText) {
  EXPECT_EQ(read_error_answer({502, {}, "bad gateway"}).message, "bad gateway");
  EXPECT_EQ(read_error_answer({502, {{"Content-Type", "text/html"}}, "<html><p>x"}).message, "");
  EXPECT_EQ(read_error_answer({502, {}, std::string(100'000, 'x')}).message.size(), 2000u);
  std::string deep;
  for (int i = 0; i < 100; ++i) deep += "<a>";
  EXPECT_EQ(read_error_answer({502, {}, deep}).code, "");
}

struct KindRow {
  const char* code;
  int status;
  Kind kind;
  const char* error;
  ExitCode exit;
};

TEST(AwsError, BecomesTheErrorOfACommandByCodeThenStatus) {
  const KindRow rows[] = {
      {"AccessDeniedException", 400, Kind::access_denied, "E420", ExitCode::permission},
      {"", 403, Kind::access_denied, "E420", ExitCode::permission},
      {"UnrecognizedClientException", 400, Kind::rejected, "E421", ExitCode::permission},
      {"SignatureDoesNotMatch", 403, Kind::rejected, "E421", ExitCode::permission},
      {"RequestTimeTooSkewed", 403, Kind::clock_skew, "E422", ExitCode::machine},
      {"ThrottlingException", 400, Kind::throttled, "E423", ExitCode::service},
      {"", 429, Kind::throttled, "E423", ExitCode::service},
      {"ResourceLimitExceeded", 400, Kind::quota, "E424", ExitCode::service},
      {"NoSuchBucket", 404, Kind::not_found, "E425", ExitCode::not_found},
      {"", 404, Kind::not_found, "E425", ExitCode::not_found},
      {"ResourceInUse", 400, Kind::conflict, "E426", ExitCode::conflict},
      {"", 412, Kind::conflict, "E426", ExitCode::conflict},
      {"ValidationException", 400, Kind::invalid, "E427", ExitCode::configuration},
      {"InternalFailure", 500, Kind::service, "E428", ExitCode::service},
      {"", 301, Kind::redirect, "E431", ExitCode::service},
  };
  for (const KindRow& row : rows) {
    EXPECT_EQ(kind_of(row.code, row.status), row.kind) << row.code << row.status;
    const Error error =
        as_error({.kind = row.kind, .service = "s3", .operation = "Op", .code = row.code, .status = row.status});
    EXPECT_EQ(error.code, row.error);
    EXPECT_EQ(error.exit, row.exit);
    EXPECT_NE(error.fix, "");
  }
}

TEST(AwsError, KeepsCodeMessageAndRequestIdButNoSecret) {
  const Error error = as_error({.kind = Kind::access_denied,
                                .service = "sagemaker",
                                .operation = "CreateTrainingJob",
                                .code = "AccessDeniedException",
                                .message = "AKIAIOSFODNN7EXAMPLE may not\x1b[31m",
                                .request_id = "r-9",
                                .status = 400});
  EXPECT_EQ(
      error.message,
      "sagemaker CreateTrainingJob failed: AccessDeniedException: [redacted:access-key-id] may not\\x1b[31m (HTTP 400, "
      "request id r-9)");
}

TEST(Remedy, IsGivenByCodeThenStatus) {
  const std::tuple<const char*, int, Remedy> rows[] = {{"", 500, Remedy::retry},
                                                       {"", 503, Remedy::retry},
                                                       {"", 501, Remedy::none},
                                                       {"RequestTimeout", 400, Remedy::retry},
                                                       {"SlowDown", 503, Remedy::slow_down},
                                                       {"AccessDenied", 500, Remedy::none},
                                                       {"ExpiredToken", 403, Remedy::refresh_credentials},
                                                       {"RequestInTheFuture", 403, Remedy::correct_clock},
                                                       {"SignatureDoesNotMatch", 403, Remedy::correct_clock_if_wrong},
                                                       {"ResourceLimitExceeded", 400, Remedy::none},
                                                       {"", 404, Remedy::none}};
  for (const auto& [code, status, remedy] : rows) EXPECT_EQ(remedy_for(code, status), remedy) << code << status;
}

TEST(Remedy, IsToTryAgainForWhatTheSdksTryAgain) {
  for (const char* code :
       {"RequestTimeout", "RequestTimeoutException", "PriorRequestNotComplete", "IDPCommunicationError",
        "InternalError", "InternalFailure", "InternalServerException", "ServiceUnavailable", "OperationAborted"}) {
    EXPECT_EQ(remedy_for(code, 400), Remedy::retry) << code;
  }
  for (const char* code : {"Throttling", "ThrottlingException", "ThrottledException", "RequestThrottledException",
                           "RequestThrottled", "TooManyRequestsException", "ProvisionedThroughputExceededException",
                           "TransactionInProgressException", "RequestLimitExceeded", "BandwidthLimitExceeded",
                           "LimitExceededException", "SlowDown", "EC2ThrottledException"}) {
    EXPECT_EQ(remedy_for(code, 400), Remedy::slow_down) << code;
  }
}

TEST(Remedy, IsNoneForALimitOfEcrThatOtherServicesThrottleBy) {
  EXPECT_EQ(remedy_for("LimitExceededException", 400, ecr.id), Remedy::none);
  EXPECT_EQ(kind_of("LimitExceededException", 400, ecr.id), Kind::quota);
  EXPECT_EQ(remedy_for("LimitExceededException", 400, logs.id), Remedy::slow_down);
  EXPECT_EQ(kind_of("LimitExceededException", 400, logs.id), Kind::throttled);
}

}  // namespace
}  // namespace smflow::aws
