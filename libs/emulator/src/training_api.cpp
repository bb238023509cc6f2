#include "training_api.hpp"

#include "job_view.hpp"
#include "request_rules.hpp"
#include "search_filter.hpp"
#include "training_shapes.hpp"

#include <algorithm>

namespace smflow::emulator {

namespace {

constexpr std::size_t most_tags = 50;

// The part of `jobs` after the one that the token names, at most `limit` of them; the token of the next page, or "".
tl::expected<std::string, ServiceError> cut_page(std::vector<JobState>& jobs, const Json& request) {
  auto begin = jobs.begin();
  if (request.contains("NextToken")) {
    const std::string last = request["NextToken"];
    begin = std::find_if(begin, jobs.end(), [&](const JobState& job) { return job.name() == last; });
    if (begin == jobs.end()) return tl::unexpected(validation_error("Invalid NextToken."));
    ++begin;
  }
  jobs.erase(jobs.begin(), begin);
  const auto limit = request.value("MaxResults", std::size_t{10});
  if (jobs.size() <= limit) return std::string();
  jobs.erase(jobs.begin() + static_cast<std::ptrdiff_t>(limit), jobs.end());
  return jobs.back().name();
}

double seconds(WallTime time) {
  return static_cast<double>(time.time_since_epoch().count()) / 1000.0;
}

bool listed(const JobState& job, const Json& request) {
  const auto within = [&](const char* after, const char* before, WallTime time) {
    return (!request.contains(after) || seconds(time) > request[after].get<double>()) &&
           (!request.contains(before) || seconds(time) < request[before].get<double>());
  };
  return within("CreationTimeAfter", "CreationTimeBefore", job.created) &&
         within("LastModifiedTimeAfter", "LastModifiedTimeBefore", job.modified()) &&
         job.name().find(request.value("NameContains", std::string())) != std::string::npos &&
         !request.contains("WarmPoolStatusEquals");
}

// By the field asked for, then in the order they were made.
void sort_jobs(std::vector<JobState>& jobs, const Json& request) {
  const std::string by = request.value("SortBy", std::string("CreationTime"));
  const auto key = [&](const JobState& job) {
    return by == "Name" ? job.name() : (by == "Status" ? plan::to_string(job.description.status) : std::string());
  };
  std::stable_sort(jobs.begin(), jobs.end(), [&](const JobState& a, const JobState& b) { return key(a) < key(b); });
  if (request.value("SortOrder", std::string()) == "Descending") std::reverse(jobs.begin(), jobs.end());
}

Json page_json(const char* member, Json items, const std::string& next) {
  Json page{{member, std::move(items)}};
  if (!next.empty()) page["NextToken"] = next;
  return page;
}

tl::expected<void, ServiceError> put_tags(Tags& tags, const Json& added) {
  for (const Json& tag : added) {
    const std::string key = tag["Key"];
    if (key.starts_with("aws:")) return tl::unexpected(validation_error("the tag key '" + key + "' begins with aws:"));
    tags[key] = tag["Value"];
  }
  if (tags.size() > most_tags) return tl::unexpected(validation_error("a resource has at most 50 tags"));
  return {};
}

}  // namespace

Answer TrainingApi::call(const std::string& operation, const Json& request, const Caller& caller) {
  struct Operation {
    const char* name;
    const Shape& (*shape)();
    Answer (TrainingApi::*work)(const Json&, const Caller&);
  };
  static constexpr Operation operations[] = {
      {"CreateTrainingJob", shapes::create_training_job, &TrainingApi::create},
      {"DescribeTrainingJob", shapes::training_job_name, &TrainingApi::describe},
      {"StopTrainingJob", shapes::training_job_name, &TrainingApi::stop},
      {"ListTrainingJobs", shapes::list_training_jobs, &TrainingApi::list},
      {"Search", shapes::search, &TrainingApi::search},
      {"AddTags", shapes::add_tags, &TrainingApi::add_tags},
      {"ListTags", shapes::list_tags, &TrainingApi::list_tags},
      {"DeleteTags", shapes::delete_tags, &TrainingApi::delete_tags},
  };
  for (const Operation& one : operations) {
    if (operation != one.name) continue;
    const Answer known = checked(request, one.shape());
    return known ? (this->*one.work)(*known, caller) : known;
  }
  return tl::unexpected(
      ServiceError{"UnknownOperationException", "smflow emulator: no SageMaker operation '" + operation + "'"});
}

Answer TrainingApi::create(const Json& request, const Caller& caller) {
  if (auto broken = broken_rule(request)) return tl::unexpected(*std::move(broken));
  Tags tags;
  if (auto put = put_tags(tags, request.value("Tags", Json::array())); !put) return tl::unexpected(put.error());
  auto plan = plan_of(request, placement_);
  if (!plan) return tl::unexpected(plan.error());
  const std::string arn = "arn:aws:sagemaker:" + caller.region + ":" + account_id + ":training-job/" + plan->job_name;
  Json kept = request;
  kept.erase("Tags");
  auto created = jobs_.create(std::move(kept), arn, std::move(tags), *std::move(plan));
  if (!created) return tl::unexpected(created.error());
  return Json{{"TrainingJobArn", arn}};
}

Answer TrainingApi::describe(const Json& request, const Caller&) {
  return jobs_.find(request["TrainingJobName"]).map(described);
}

Answer TrainingApi::stop(const Json& request, const Caller&) {
  return jobs_.stop(request["TrainingJobName"]).map([] { return Json(); });
}

// The status is looked at after the page is cut, as on the service: a page may be short, or empty with a NextToken.
Answer TrainingApi::list(const Json& request, const Caller&) {
  std::vector<JobState> jobs = jobs_.all();
  sort_jobs(jobs, request);
  std::erase_if(jobs, [&](const JobState& job) { return !listed(job, request); });
  const auto next = cut_page(jobs, request);
  if (!next) return tl::unexpected(next.error());
  Json summaries = Json::array();
  for (const JobState& job : jobs) {
    const std::string status = plan::to_string(job.description.status);
    if (request.value("StatusEquals", status) == status) summaries.push_back(summarized(job));
  }
  return page_json("TrainingJobSummaries", std::move(summaries), *next);
}

Answer TrainingApi::search(const Json& request, const Caller&) {
  if (request["Resource"] != "TrainingJob") {
    return tl::unexpected(validation_error("smflow emulator: Search finds the resource TrainingJob only"));
  }
  const Json expression = request.value("SearchExpression", Json::object());
  const std::string by = request.value("SortBy", std::string("LastModifiedTime"));
  std::vector<std::pair<Json, JobState>> found;
  for (JobState& job : jobs_.all()) {
    const Json shown = found_by_search(job);
    const auto holds = satisfies(shown, expression);
    if (!holds) return tl::unexpected(holds.error());
    if (*holds) found.emplace_back(first_value(shown, by), std::move(job));
  }
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  if (request.value("SortOrder", std::string("Descending")) == "Descending") std::reverse(found.begin(), found.end());
  std::vector<JobState> jobs;
  for (auto& [key, job] : found) jobs.push_back(std::move(job));
  const auto next = cut_page(jobs, request);
  if (!next) return tl::unexpected(next.error());
  Json results = Json::array();
  for (const JobState& job : jobs) results.push_back({{"TrainingJob", found_by_search(job)}});
  return page_json("Results", std::move(results), *next);
}

Answer TrainingApi::add_tags(const Json& request, const Caller&) {
  const auto put = [&](Tags& tags) { return put_tags(tags, request["Tags"]); };
  return jobs_.change_tags(request["ResourceArn"], put).map([](const Tags& tags) {
    return Json{{"Tags", tags_json(tags)}};
  });
}

Answer TrainingApi::list_tags(const Json& request, const Caller&) {
  const auto nothing = [](Tags&) { return tl::expected<void, ServiceError>(); };
  return jobs_.change_tags(request["ResourceArn"], nothing).map([](const Tags& tags) {
    return Json{{"Tags", tags_json(tags)}};
  });
}

Answer TrainingApi::delete_tags(const Json& request, const Caller&) {
  const auto remove = [&](Tags& tags) -> tl::expected<void, ServiceError> {
    for (const Json& key : request["TagKeys"]) tags.erase(key.get<std::string>());
    return {};
  };
  return jobs_.change_tags(request["ResourceArn"], remove).map([](const Tags&) { return Json::object(); });
}

}  // namespace smflow::emulator
