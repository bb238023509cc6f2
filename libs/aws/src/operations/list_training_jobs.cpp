#include "operations/json_answer.hpp"

#include <smflow/aws/operations/training_jobs.hpp>

namespace smflow::aws {

namespace {

Json input_of(const TrainingJobFilter& filter, const std::string& next_token) {
  Json input{{"SortBy", "CreationTime"}, {"SortOrder", "Descending"}, {"MaxResults", filter.max_results}};
  if (!filter.name_contains.empty()) input["NameContains"] = filter.name_contains;
  if (!filter.status.empty()) input["StatusEquals"] = filter.status;
  if (filter.created_after) {
    using std::chrono::seconds;
    input["CreationTimeAfter"] = std::chrono::floor<seconds>(*filter.created_after).time_since_epoch().count();
  }
  if (!next_token.empty()) input["NextToken"] = next_token;
  return input;
}

TrainingJobPage page_of(const Json& answer) {
  TrainingJobPage page{.jobs = {}, .next_token = text_at(answer, "NextToken")};
  for (const Json& one : list_at(answer, "TrainingJobSummaries")) {
    page.jobs.push_back({.name = one.at("TrainingJobName").get<std::string>(),
                         .arn = text_at(one, "TrainingJobArn"),
                         .status = text_at(one, "TrainingJobStatus"),
                         .creation_time = time_at(one, "CreationTime"),
                         .training_end_time = time_at(one, "TrainingEndTime")});
  }
  return page;
}

}  // namespace

Outcome<TrainingJobPage> list_training_jobs(Client& client, const TrainingJobFilter& filter,
                                            const std::string& next_token, std::stop_token cancel) {
  const std::string operation = "ListTrainingJobs";
  return read_answer(client, operation, call_json(client, operation, input_of(filter, next_token), cancel), page_of);
}

}  // namespace smflow::aws
