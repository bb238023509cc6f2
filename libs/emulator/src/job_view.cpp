#include "job_view.hpp"

namespace smflow::emulator {

namespace {

double seconds(WallTime time) {
  return static_cast<double>(time.time_since_epoch().count()) / 1000.0;
}

// What the service fills in when the request leaves it out.
Json with_defaults(Json job) {
  for (const char* flag :
       {"EnableNetworkIsolation", "EnableInterContainerTrafficEncryption", "EnableManagedSpotTraining"}) {
    if (!job.contains(flag)) job[flag] = false;
  }
  Json& algorithm = job["AlgorithmSpecification"];
  const bool metrics = algorithm.contains("MetricDefinitions") && !algorithm["MetricDefinitions"].empty();
  if (!algorithm.contains("EnableSageMakerMetricsTimeSeries")) algorithm["EnableSageMakerMetricsTimeSeries"] = metrics;
  Json& stopping = job["StoppingCondition"];
  if (!stopping.contains("MaxRuntimeInSeconds")) stopping["MaxRuntimeInSeconds"] = 86400;
  if (!job.contains("InputDataConfig")) return job;
  for (Json& channel : job["InputDataConfig"]) {
    if (!channel.contains("CompressionType")) channel["CompressionType"] = "None";
    if (!channel.contains("RecordWrapperType")) channel["RecordWrapperType"] = "None";
    Json& source = channel["DataSource"]["S3DataSource"];
    if (!source.contains("S3DataDistributionType")) source["S3DataDistributionType"] = "FullyReplicated";
  }
  return job;
}

Json transitions(const plan::JobDescription& description) {
  Json all = Json::array();
  for (const plan::StatusTransition& one : description.transitions) {
    Json shown{{"Status", one.status}, {"StartTime", seconds(one.start)}};
    if (one.end) shown["EndTime"] = seconds(*one.end);
    if (!one.message.empty()) shown["StatusMessage"] = one.message;
    all.push_back(std::move(shown));
  }
  return all;
}

void add_times(Json& shown, const JobState& job) {
  const plan::JobDescription& description = job.description;
  shown["CreationTime"] = seconds(job.created);
  shown["LastModifiedTime"] = seconds(job.modified());
  if (description.training_start_time) shown["TrainingStartTime"] = seconds(*description.training_start_time);
  if (!description.training_end_time) return;
  shown["TrainingEndTime"] = seconds(*description.training_end_time);
  if (!description.training_start_time) return;
  const auto ran = std::chrono::duration_cast<std::chrono::seconds>(*description.training_end_time -
                                                                    *description.training_start_time);
  shown["TrainingTimeInSeconds"] = ran.count();
  shown["BillableTimeInSeconds"] = ran.count();
}

}  // namespace

Json described(const JobState& job) {
  const plan::JobDescription& description = job.description;
  Json shown = with_defaults(job.request);
  shown["TrainingJobArn"] = job.arn;
  shown["TrainingJobStatus"] = plan::to_string(description.status);
  shown["SecondaryStatus"] = description.secondary_status;
  if (!description.failure_reason.empty()) shown["FailureReason"] = description.failure_reason;
  std::string output = shown["OutputDataConfig"]["S3OutputPath"];
  if (output.ends_with('/')) output.pop_back();
  const bool compressed = shown["OutputDataConfig"].value("CompressionType", "GZIP") == "GZIP";
  shown["ModelArtifacts"] = {{"S3ModelArtifacts", output + "/" + plan::artifacts_folder(job.name()) + "/" +
                                                      plan::artifact_names(compressed).model}};
  shown["SecondaryStatusTransitions"] = transitions(description);
  shown["ProfilingStatus"] = "Disabled";
  add_times(shown, job);
  for (const auto& [name, metric] : job.metrics) {
    shown["FinalMetricDataList"].push_back(
        {{"MetricName", name}, {"Value", metric.value}, {"Timestamp", seconds(metric.time)}});
  }
  return shown;
}

Json summarized(const JobState& job) {
  Json shown{{"TrainingJobName", job.name()},
             {"TrainingJobArn", job.arn},
             {"CreationTime", seconds(job.created)},
             {"LastModifiedTime", seconds(job.modified())},
             {"TrainingJobStatus", plan::to_string(job.description.status)}};
  if (job.description.training_end_time) shown["TrainingEndTime"] = seconds(*job.description.training_end_time);
  return shown;
}

Json found_by_search(const JobState& job) {
  Json shown = described(job);
  for (const char* left_out : {"ProfilingStatus", "ProfilerConfig", "ProfilerRuleConfigurations", "RemoteDebugConfig",
                               "InfraCheckConfig", "SessionChainingConfig"}) {
    shown.erase(left_out);
  }
  shown["Tags"] = tags_json(job.tags);
  return shown;
}

Json tags_json(const Tags& tags) {
  Json all = Json::array();
  for (const auto& [key, value] : tags) all.push_back({{"Key", key}, {"Value", value}});
  return all;
}

}  // namespace smflow::emulator
