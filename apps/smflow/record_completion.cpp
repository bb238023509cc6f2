#include "record_completion.hpp"

#include "s3_access.hpp"
#include "sagemaker_access.hpp"

#include <algorithm>
#include <set>

#include <smflow/records/recorded_run.hpp>

namespace smflow::cli {

// Its own way to SageMaker: a job is looked back at, not followed.
class RecordCompletion::Region {
 public:
  Region(AwsAccess& access, std::unique_ptr<AwsAccess> own, std::stop_token stop)
      : own_(std::move(own)),
        access_(own_ ? *own_ : access),
        training_(access_.client(aws::sagemaker), stop),
        logs_(access_.client(aws::logs), stop),
        service_({.training = training_, .logs = logs_, .clock = access_.clock(), .detach = stop},
                 with_pacing({}, access_.client(aws::sagemaker))) {}

  sagemaker::SageMakerService& service() { return service_; }
  const std::string& account() { return access_.caller().account; }

  // Those of the runs that have not ended, as far as a few pages tell.
  std::set<std::string> going_on(const std::vector<const records::RunSummary*>& runs) {
    constexpr int most_pages = 20;
    constexpr std::chrono::minutes clocks_differ{5};
    const auto oldest = std::ranges::min(runs, {}, &records::RunSummary::created);
    const aws::TrainingJobFilter filter{.created_after = oldest->created - clocks_differ};
    std::set<std::string> going_on;
    std::string token;
    for (int number = 0; number < most_pages; ++number) {
      const auto page = aws::list_training_jobs(access_.client(aws::sagemaker), filter, token);
      if (!page) break;
      for (const aws::TrainingJobSummary& job : page->jobs) {
        if (job.status == "InProgress" || job.status == "Stopping") going_on.insert(job.name);
      }
      token = page->next_token;
      if (token.empty()) break;
    }
    return going_on;
  }

 private:
  std::unique_ptr<AwsAccess> own_;
  AwsAccess& access_;
  sagemaker::AwsTrainingApi training_;
  sagemaker::CloudWatchLogSource logs_;
  sagemaker::SageMakerService service_;
};

RecordCompletion::RecordCompletion(AwsAccess& access, std::stop_token stop) : access_(access), stop_(std::move(stop)) {}
RecordCompletion::~RecordCompletion() = default;

RecordCompletion::Region& RecordCompletion::region(const std::string& name) {
  std::unique_ptr<Region>& region = regions_[name];
  if (!region) {
    const bool is_usual = name.empty() || access_.client(aws::sagemaker).region() == name;
    auto own = is_usual ? nullptr : std::make_unique<AwsAccess>(AwsOptions{.region = name});
    region = std::make_unique<Region>(access_, std::move(own), stop_);
  }
  return *region;
}

bool RecordCompletion::complete(storage::Store& bucket, const std::string& record_key, Region& region,
                                plan::TrainingService& service) {
  const auto account = [&] { return region.account(); };
  return records::complete_record(bucket, record_key, service, account, access_.clock()).value_or(false);
}

bool RecordCompletion::complete(storage::Store& bucket, const std::vector<const records::RunSummary*>& runs) {
  constexpr std::size_t few = 3;  // that many are described as fast as one list is read
  constexpr std::size_t most = 50;
  std::map<std::string, std::vector<const records::RunSummary*>> by_region;
  for (const records::RunSummary* run : runs) by_region[run->region].push_back(run);
  std::size_t asked = 0;
  bool changed = false;
  for (const auto& [name, all] : by_region) {
    try {
      Region& there = region(name);
      const std::set<std::string> going_on = all.size() > few ? there.going_on(all) : std::set<std::string>();
      for (const records::RunSummary* run : all) {
        if (going_on.contains(run->name) || ++asked > most) continue;
        changed = complete(bucket, run->record_key, there, there.service()) || changed;
      }
    } catch (const CommandFailure&) {
      continue;
    }
  }
  return changed;
}

void RecordCompletion::complete(const plan::JobDescription& job, const KeptLines* lines) {
  constexpr std::string_view scheme = "s3://";
  const std::string& model = job.model_artifacts_uri;
  if (!plan::is_terminal(job.status) || !model.starts_with(scheme)) return;
  try {
    const auto bucket = store_opener(access_, {}, {.stop = stop_})(model.substr(0, model.find('/', scheme.size())));
    if (!bucket) return;
    const auto record = records::record_of(**bucket, job.job_name);
    if (!record) return;
    Region& there = region("");
    if (lines == nullptr) {
      complete(**bucket, *record, there, there.service());
      return;
    }
    ReadJob read(there.service(), job, *lines);
    complete(**bucket, *record, there, read);
  } catch (const CommandFailure&) {
    return;
  }
}

}  // namespace smflow::cli
