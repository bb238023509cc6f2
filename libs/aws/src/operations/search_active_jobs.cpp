#include "operations/json_answer.hpp"

#include <smflow/aws/operations/training_jobs.hpp>

namespace smflow::aws {

namespace {

Json status_is(const char* status) {
  return {{"Name", "TrainingJobStatus"}, {"Operator", "Equals"}, {"Value", status}};
}

MachineGroup group_of(const Json& group) {
  MachineGroup machines{.instance_type = text_at(group, "InstanceType")};
  if (const Json* count = member(group, "InstanceCount")) machines.count = count->get<std::int64_t>();
  return machines;
}

ActiveJob job_of(const Json& found) {
  const Json& document = found.at("TrainingJob");
  ActiveJob job{.name = text_at(document, "TrainingJobName"), .machines = {}};
  if (const Json* spot = member(document, "EnableManagedSpotTraining")) job.spot = spot->get<bool>();
  const Json* resources = member(document, "ResourceConfig");
  if (resources == nullptr) return job;
  if (member(*resources, "InstanceType") != nullptr) job.machines.push_back(group_of(*resources));
  for (const Json& group : list_at(*resources, "InstanceGroups")) job.machines.push_back(group_of(group));
  return job;
}

ActiveJobPage page_of(const Json& answer) {
  ActiveJobPage page{.jobs = {}, .next_token = text_at(answer, "NextToken")};
  for (const Json& found : list_at(answer, "Results")) page.jobs.push_back(job_of(found));
  return page;
}

}  // namespace

Outcome<ActiveJobPage> search_active_jobs(Client& client, const std::string& next_token, std::stop_token cancel) {
  const std::string operation = "Search";
  const Json either = Json::array({status_is("InProgress"), status_is("Stopping")});
  Json input{{"Resource", "TrainingJob"},
             {"SearchExpression", {{"Operator", "Or"}, {"Filters", either}}},
             {"MaxResults", 100}};
  if (!next_token.empty()) input["NextToken"] = next_token;
  return read_answer(client, operation, call_json(client, operation, input, cancel), page_of);
}

}  // namespace smflow::aws
