#include "training_api.hpp"

#include "scripted_service.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace smflow::emulator {

namespace {

using testing::HasSubstr;

class TrainingApiTest : public testing::Test {
 protected:
  Answer call(const std::string& operation, const Json& request) { return api.call(operation, request, {"eu-west-1"}); }
  ServiceError refused(const std::string& operation, const Json& request) {
    const Answer answer = call(operation, request);
    EXPECT_FALSE(answer) << answer->dump();
    return answer ? ServiceError{} : answer.error();
  }

  ScriptedService service;
  LogStore logs{service.clock};
  JobTable jobs{service, logs, service.clock, {.running = 3}};
  TrainingApi api{jobs, {.s3_root = "/s3", .code = "/code", .work_directory = "/work"}};
};

struct BadRequest {
  const char* name;
  const char* pointer;
  Json value;  // null removes the member
  const char* code;
  const char* message;
};

class BadRequests : public TrainingApiTest, public testing::WithParamInterface<BadRequest> {};

TEST_P(BadRequests, AreRefusedInTheServicesWords) {
  Json request = create_request();
  request[Json::json_pointer(GetParam().pointer)] = GetParam().value;
  const ServiceError error = refused("CreateTrainingJob", request);
  EXPECT_EQ(error.code, GetParam().code);
  EXPECT_THAT(error.message, HasSubstr(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    Table, BadRequests,
    testing::Values(
        BadRequest{"IllegalName", "/TrainingJobName", "under_score", "ValidationException",
                   "1 validation error detected: Value 'under_score' at 'trainingJobName' failed to satisfy "
                   "constraint: Member must satisfy regular expression pattern: "},
        BadRequest{"LongName", "/TrainingJobName", std::string(64, 'a'), "ValidationException",
                   "Member must have length less than or equal to 63"},
        BadRequest{"NoRole", "/RoleArn", nullptr, "ValidationException",
                   "Value null at 'roleArn' failed to satisfy constraint: Member must not be null"},
        BadRequest{"NoArn", "/RoleArn", "arn:aws:iam::1:role/somebody", "ValidationException", "at 'roleArn'"},
        BadRequest{"UnknownMode", "/AlgorithmSpecification/TrainingInputMode", "Tape", "ValidationException",
                   "at 'algorithmSpecification.trainingInputMode' failed to satisfy constraint: Member must satisfy "
                   "enum value set: [Pipe, File, FastFile]"},
        BadRequest{"NumberAsText", "/HyperParameters", Json{{"epochs", 3}}, "SerializationException",
                   "NUMBER_VALUE can not be converted to a String"},
        BadRequest{"ZeroSeconds", "/StoppingCondition/MaxRuntimeInSeconds", 0, "ValidationException",
                   "Member must have value greater than or equal to 1"},
        BadRequest{"NoInstanceType", "/ResourceConfig/InstanceType", "c5.xlarge", "ValidationException",
                   "at 'resourceConfig.instanceType'"},
        BadRequest{"NoChannels", "/InputDataConfig", Json::array(), "ValidationException",
                   "Member must have length greater than or equal to 1"},
        BadRequest{"WaitWithoutSpot", "/StoppingCondition/MaxWaitTimeInSeconds", 7200, "ValidationException", "spot"},
        BadRequest{"ImageAndAlgorithm", "/AlgorithmSpecification/AlgorithmName", "xgboost", "ValidationException",
                   "exactly one of"},
        BadRequest{"NoInstances", "/ResourceConfig/InstanceCount", 0, "ValidationException", "at least one instance"},
        BadRequest{"BadTag", "/Tags", Json::array({{{"Key", "a!"}, {"Value", ""}}}), "ValidationException",
                   "at 'tags.1.member.key'"}),
    [](const auto& row) { return row.param.name; });

TEST_F(TrainingApiTest, ReportsEveryViolationAtOnce) {
  Json request = create_request();
  request.erase("RoleArn");
  request.erase("OutputDataConfig");
  EXPECT_THAT(refused("CreateTrainingJob", request).message, HasSubstr("2 validation errors detected: "));
}

TEST_F(TrainingApiTest, GivesTheRequestBackWithoutItsTags) {
  Json request = create_request();
  request["HyperParameters"] = {{"lr", "0.1"}};
  request["Tags"] = Json::array({{{"Key", "owner"}, {"Value", "ann"}}});
  request["NotOfTheApi"] = 1;
  const std::string arn = "arn:aws:sagemaker:eu-west-1:000000000000:training-job/demo";
  EXPECT_EQ(call("CreateTrainingJob", request)->at("TrainingJobArn"), arn);
  const Json job = *call("DescribeTrainingJob", {{"TrainingJobName", "demo"}});
  EXPECT_EQ(job["HyperParameters"], request["HyperParameters"]);
  EXPECT_EQ(job["TrainingJobStatus"], "InProgress");
  EXPECT_EQ(job["ModelArtifacts"]["S3ModelArtifacts"], "s3://bucket/out/demo/output/model.tar.gz");
  EXPECT_FALSE(job.contains("Tags"));
  EXPECT_FALSE(job.contains("NotOfTheApi"));
  EXPECT_EQ(call("ListTags", {{"ResourceArn", arn}})->at("Tags")[0]["Value"], "ann");
  ASSERT_TRUE(call("AddTags", {{"ResourceArn", arn}, {"Tags", Json::array({{{"Key", "a"}, {"Value", "b"}}})}}));
  ASSERT_TRUE(call("DeleteTags", {{"ResourceArn", arn}, {"TagKeys", {"owner"}}}));
  EXPECT_EQ(call("ListTags", {{"ResourceArn", arn}})->at("Tags"), Json::array({{{"Key", "a"}, {"Value", "b"}}}));
}

TEST_F(TrainingApiTest, UnknownJobsAreAValidationException) {
  for (const char* operation : {"DescribeTrainingJob", "StopTrainingJob"}) {
    const ServiceError error = refused(operation, {{"TrainingJobName", "nobody"}});
    EXPECT_EQ(error.code, "ValidationException");
    EXPECT_EQ(error.message, "Requested resource not found.");
  }
  EXPECT_EQ(refused("CreateModel", Json::object()).code, "UnknownOperationException");
}

TEST_F(TrainingApiTest, ListsInPagesThatMayBeShort) {
  for (const char* name : {"b-1", "a-2", "c-3"}) ASSERT_TRUE(call("CreateTrainingJob", create_request(name)));
  const Json first = *call("ListTrainingJobs", {{"MaxResults", 2}, {"SortBy", "Name"}});
  EXPECT_EQ(first["TrainingJobSummaries"][0]["TrainingJobName"], "a-2");
  EXPECT_EQ(first["TrainingJobSummaries"].size(), 2u);
  const Json rest = *call("ListTrainingJobs", {{"NextToken", first["NextToken"]}, {"SortBy", "Name"}});
  EXPECT_EQ(rest["TrainingJobSummaries"][0]["TrainingJobName"], "c-3");
  EXPECT_FALSE(rest.contains("NextToken"));
  const Json empty = *call("ListTrainingJobs", {{"MaxResults", 1}, {"StatusEquals", "Failed"}});
  EXPECT_TRUE(empty["TrainingJobSummaries"].empty());
  EXPECT_TRUE(empty.contains("NextToken"));
}

TEST_F(TrainingApiTest, SearchesByMembersAndTags) {
  Json request = create_request("tagged");
  request["Tags"] = Json::array({{{"Key", "owner"}, {"Value", "ann"}}});
  ASSERT_TRUE(call("CreateTrainingJob", request));
  ASSERT_TRUE(call("CreateTrainingJob", create_request("plain")));
  const Json filter = {{"Name", "Tags.owner"}, {"Operator", "Equals"}, {"Value", "ann"}};
  const Json found =
      *call("Search", {{"Resource", "TrainingJob"}, {"SearchExpression", {{"Filters", Json::array({filter})}}}});
  ASSERT_EQ(found["Results"].size(), 1u);
  EXPECT_EQ(found["Results"][0]["TrainingJob"]["TrainingJobName"], "tagged");
}

}  // namespace

}  // namespace smflow::emulator
