#include "client_fixture.hpp"

#include <smflow/aws/operations/training_jobs.hpp>

namespace smflow::aws {
namespace {

class TrainingJobs : public ClientTest {
 protected:
  Json sent() const { return Json::parse(transport_.exchanges().back().body); }
  std::string target() const { return transport_.exchanges().back().header("X-Amz-Target"); }
  std::unique_ptr<Client> client_ = client(sagemaker);
};

TEST_F(TrainingJobs, AreCreatedFromTheRequestAsItIs) {
  transport_.answer(200, R"({"TrainingJobArn":"arn:aws:sagemaker:eu-west-1:1:training-job/a"})");
  const Json request{{"TrainingJobName", "a"}, {"RoleArn", "r"}};
  EXPECT_EQ(*create_training_job(*client_, request), "arn:aws:sagemaker:eu-west-1:1:training-job/a");
  EXPECT_EQ(target(), "SageMaker.CreateTrainingJob");
  EXPECT_EQ(sent(), request);
}

TEST_F(TrainingJobs, ThatExistAlreadyAreAConflictThatTellsHowOftenItWasSent) {
  transport_.answer(500);
  transport_.answer(400, R"({"__type":"ResourceInUse","message":"it exists"})");
  const auto outcome = create_training_job(*client_, Json::object());
  EXPECT_EQ(outcome.error().kind, AwsError::Kind::conflict);
  EXPECT_EQ(outcome.error().attempts, 2);
}

TEST_F(TrainingJobs, AreDescribedWithTheirTransitions) {
  transport_.answer(200, R"({"TrainingJobName":"a","TrainingJobArn":"arn","TrainingJobStatus":"Failed",
    "SecondaryStatus":"Failed","FailureReason":"no","ModelArtifacts":{"S3ModelArtifacts":"s3://b/m"},
    "CreationTime":1.7E9,"TrainingStartTime":1700000001.2504,"TrainingEndTime":null,"Unknown":[{}],
    "SecondaryStatusTransitions":[{"Status":"Starting","StartTime":1700000000,"EndTime":1700000002,
      "StatusMessage":"preparing"},{"Status":"Failed","StartTime":1700000002}]})");
  const auto job = describe_training_job(*client_, "a");
  ASSERT_TRUE(job);
  EXPECT_EQ(sent(), Json({{"TrainingJobName", "a"}}));
  EXPECT_EQ(job->status, "Failed");
  EXPECT_EQ(job->failure_reason, "no");
  EXPECT_EQ(job->model_artifacts, "s3://b/m");
  EXPECT_EQ(job->creation_time, WallTime{std::chrono::seconds{1700000000}});
  EXPECT_EQ(job->training_start_time, WallTime{std::chrono::milliseconds{1700000001250}});
  EXPECT_FALSE(job->training_end_time);
  ASSERT_EQ(job->transitions.size(), 2u);
  EXPECT_EQ(job->transitions[0].message, "preparing");
  EXPECT_EQ(job->transitions[0].end_time, WallTime{std::chrono::seconds{1700000002}});
  EXPECT_FALSE(job->transitions[1].end_time);
}

TEST_F(TrainingJobs, WhoseDescriptionHasWrongTypesAreAnAnswerThatCannotBeUnderstood) {
  for (const char* body :
       {R"({})", R"({"TrainingJobName":"a"})", R"({"TrainingJobName":1,"TrainingJobStatus":"Failed"})",
        R"({"TrainingJobName":"a","TrainingJobStatus":"Failed","CreationTime":"today"})",
        R"({"TrainingJobName":"a","TrainingJobStatus":"Failed","SecondaryStatusTransitions":{}})"}) {
    transport_.answer(200, body);
    EXPECT_EQ(describe_training_job(*client_, "a").error().kind, AwsError::Kind::answer) << body;
  }
  transport_.answer(200, R"({"TrainingJobName":"a","TrainingJobStatus":"Failed","CreationTime":1e300})");
  EXPECT_FALSE(describe_training_job(*client_, "a")->creation_time);
}

TEST_F(TrainingJobs, ThatDoNotExistAreTold) {
  transport_.answer(400, R"({"__type":"ValidationException","message":"Requested resource not found."})");
  EXPECT_TRUE(is_unknown_job(describe_training_job(*client_, "a").error()));
  transport_.answer(400, R"({"__type":"ValidationException","message":"1 validation error detected"})");
  EXPECT_FALSE(is_unknown_job(describe_training_job(*client_, "a").error()));
}

TEST_F(TrainingJobs, AreStopped) {
  transport_.answer(200);
  EXPECT_TRUE(stop_training_job(*client_, "a"));
  EXPECT_EQ(target(), "SageMaker.StopTrainingJob");
  transport_.answer(400, R"({"__type":"ValidationException","message":"it has ended"})");
  EXPECT_EQ(stop_training_job(*client_, "a").error().kind, AwsError::Kind::invalid);
}

TEST_F(TrainingJobs, AreListedPageByPage) {
  transport_.answer(200, R"({"TrainingJobSummaries":[{"TrainingJobName":"a","TrainingJobStatus":"Completed",
                             "CreationTime":1700000000}],"NextToken":"n"})");
  const auto page = list_training_jobs(*client_, {.name_contains = "gan",
                                                  .status = "Completed",
                                                  .created_after = WallTime{std::chrono::milliseconds{1700000000900}}});
  ASSERT_TRUE(page);
  EXPECT_EQ(page->jobs.at(0).name, "a");
  EXPECT_EQ(page->next_token, "n");
  EXPECT_EQ(sent().at("NameContains"), "gan");
  EXPECT_EQ(sent().at("CreationTimeAfter"), 1700000000);
  transport_.answer(200, R"({"TrainingJobSummaries":[]})");
  EXPECT_EQ(list_training_jobs(*client_, {}, "n")->next_token, "");
  EXPECT_EQ(sent().at("NextToken"), "n");
  EXPECT_FALSE(sent().contains("NameContains"));
}

TEST_F(TrainingJobs, ThatAreActiveAreFoundWithTheirMachines) {
  transport_.answer(200, R"({"Results":[
      {"TrainingJob":{"TrainingJobName":"a","EnableManagedSpotTraining":true,
                      "ResourceConfig":{"InstanceType":"ml.g5.xlarge","InstanceCount":2,"VolumeSizeInGB":30}}},
      {"TrainingJob":{"TrainingJobName":"b","ResourceConfig":{"InstanceGroups":[
          {"InstanceType":"ml.c5.xlarge","InstanceCount":1}, {"InstanceType":"ml.g5.xlarge","InstanceCount":4}]}}},
      {"TrainingJob":{}}],"NextToken":"n"})");
  const auto page = search_active_jobs(*client_, "m");
  ASSERT_TRUE(page);
  ASSERT_EQ(page->jobs.size(), 3u);
  EXPECT_TRUE(page->jobs[0].spot);
  EXPECT_EQ(page->jobs[0].machines.at(0).count, 2);
  EXPECT_FALSE(page->jobs[1].spot);
  EXPECT_EQ(page->jobs[1].machines.at(1).instance_type, "ml.g5.xlarge");
  EXPECT_TRUE(page->jobs[2].machines.empty());
  EXPECT_EQ(page->next_token, "n");
  EXPECT_EQ(sent().at("Resource"), "TrainingJob");
  EXPECT_EQ(sent().at("NextToken"), "m");
  EXPECT_EQ(sent().at("SearchExpression").at("Operator"), "Or");
  EXPECT_EQ(sent().at("SearchExpression").at("Filters").at(1).at("Value"), "Stopping");
  for (const char* body : {R"({"Results":[{}]})", R"({"Results":[{"TrainingJob":{"ResourceConfig":7}}]})"}) {
    transport_.answer(200, body);
    search_active_jobs(*client_);
  }
}

TEST_F(TrainingJobs, GetAndShowTags) {
  transport_.answer(200, R"({"Tags":[]})");
  EXPECT_TRUE(add_tags(*client_, "arn", {{"who", "ann"}}));
  EXPECT_EQ(sent(), Json::parse(R"({"ResourceArn":"arn","Tags":[{"Key":"who","Value":"ann"}]})"));
  transport_.answer(200, R"({"Tags":[{"Key":"who","Value":"ann"}],"NextToken":"n"})");
  const auto page = list_tags(*client_, "arn", "m");
  EXPECT_EQ(page->tags.at("who"), "ann");
  EXPECT_EQ(page->next_token, "n");
  EXPECT_EQ(sent().at("NextToken"), "m");
}

}  // namespace
}  // namespace smflow::aws
