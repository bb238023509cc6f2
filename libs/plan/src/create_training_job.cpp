#include <smflow/base/redact.hpp>
#include <smflow/plan/create_training_job.hpp>

namespace smflow::plan {

namespace {

const char* dns_suffix(const std::string& partition) {
  if (partition == "aws-cn") return "amazonaws.com.cn";
  if (partition == "aws-iso") return "c2s.ic.gov";
  if (partition == "aws-iso-b") return "sc2s.sgov.gov";
  if (partition == "aws-iso-e") return "cloud.adc-e.uk";
  if (partition == "aws-iso-f") return "csp.hci.ic.gov";
  if (partition == "aws-eusc") return "amazonaws.eu";
  return "amazonaws.com";
}

// AWS refuses the whole request for one character of a tag; a commit or a person's name is not worth that.
std::string tag_text(const std::string& text) {
  constexpr std::size_t longest_tag_value = 256;
  std::string legal = text.substr(0, longest_tag_value);
  for (char& c : legal) {
    const bool alphanumeric = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!alphanumeric && std::string_view(" _.:/=+-@").find(c) == std::string_view::npos) c = '_';
  }
  return legal;
}

OrderedJson algorithm(const JobPlan& plan, const Caller& caller) {
  OrderedJson json{{"TrainingImage", full_image_uri(plan, caller)}, {"TrainingInputMode", "File"}};
  for (const MetricDefinition& metric : plan.metric_definitions) {
    json["MetricDefinitions"].push_back({{"Name", metric.name}, {"Regex", metric.regex}});
  }
  return json;
}

OrderedJson input_channel(const Channel& channel) {
  OrderedJson json{{"ChannelName", channel.name},
                   {"DataSource",
                    {{"S3DataSource",
                      {{"S3DataType", "S3Prefix"},
                       {"S3Uri", channel.uri},
                       {"S3DataDistributionType", to_string(channel.distribution)}}}}},
                   {"InputMode", to_string(channel.input_mode)}};
  if (!channel.content_type.empty()) json["ContentType"] = channel.content_type;
  return json;
}

OrderedJson output(const JobPlan& plan) {
  OrderedJson json{{"S3OutputPath", plan.output_uri}};
  if (!plan.platform.output_kms_key.empty()) json["KmsKeyId"] = plan.platform.output_kms_key;
  if (!plan.platform.compress_output) json["CompressionType"] = "NONE";
  return json;
}

OrderedJson resources(const JobPlan& plan) {
  OrderedJson json{{"InstanceType", plan.instance_type},
                   {"InstanceCount", plan.instance_count},
                   {"VolumeSizeInGB", plan.volume_size_gb}};
  if (!plan.platform.volume_kms_key.empty()) json["VolumeKmsKeyId"] = plan.platform.volume_kms_key;
  if (plan.platform.keep_alive.count() > 0) json["KeepAlivePeriodInSeconds"] = plan.platform.keep_alive.count();
  return json;
}

OrderedJson stopping(const JobPlan& plan) {
  OrderedJson json{{"MaxRuntimeInSeconds", plan.max_run_time.count()}};
  if (plan.max_wait_time) json["MaxWaitTimeInSeconds"] = plan.max_wait_time->count();
  return json;
}

void add_platform(OrderedJson& json, const PlatformOptions& platform) {
  if (!platform.subnets.empty()) {
    json["VpcConfig"] = {{"SecurityGroupIds", platform.security_group_ids}, {"Subnets", platform.subnets}};
  }
  if (platform.network_isolation) json["EnableNetworkIsolation"] = true;
  if (platform.encrypt_inter_container_traffic) json["EnableInterContainerTrafficEncryption"] = true;
  if (platform.remote_debug) json["RemoteDebugConfig"] = {{"EnableRemoteDebug", true}};
  if (platform.max_retry_attempts > 0) {
    json["RetryStrategy"] = {{"MaximumRetryAttempts", platform.max_retry_attempts}};
  }
}

void add_tags(OrderedJson& json, std::map<std::string, std::string> all, const RunTags& tags) {
  for (const auto& [key, value] :
       {std::pair{"who", tags.who}, std::pair{"commit", tags.commit}, std::pair{"experiment", tags.experiment}}) {
    if (!value.empty()) all[key] = tag_text(value);
  }
  for (const auto& [key, value] : all) json["Tags"].push_back({{"Key", key}, {"Value", value}});
}

}  // namespace

std::string full_image_uri(const JobPlan& plan, const Caller& caller) {
  if (plan.platform.image_is_full_uri) return plan.image_uri;
  const std::string& account = plan.platform.ecr_account.empty() ? caller.account : plan.platform.ecr_account;
  const std::string& region = plan.platform.region.empty() ? caller.region : plan.platform.region;
  return account + ".dkr.ecr." + region + "." + dns_suffix(caller.partition) + "/" + plan.image_uri;
}

OrderedJson create_training_job_request(const JobPlan& plan, const Caller& caller, const RunTags& tags) {
  OrderedJson json{{"TrainingJobName", plan.job_name},
                   {"RoleArn", plan.role_arn},
                   {"AlgorithmSpecification", algorithm(plan, caller)}};
  if (!plan.hyperparameters.empty()) json["HyperParameters"] = plan.hyperparameters;
  std::map<std::string, std::string> environment = plan.environment;
  if (!plan.program.empty()) environment["SAGEMAKER_PROGRAM"] = plan.program;
  if (!environment.empty()) json["Environment"] = environment;
  for (const Channel& channel : plan.channels) json["InputDataConfig"].push_back(input_channel(channel));
  json["OutputDataConfig"] = output(plan);
  json["ResourceConfig"] = resources(plan);
  json["StoppingCondition"] = stopping(plan);
  if (plan.spot) json["EnableManagedSpotTraining"] = true;
  if (plan.checkpoint) {
    json["CheckpointConfig"] = {{"S3Uri", plan.checkpoint->uri}, {"LocalPath", plan.checkpoint->local_path}};
  }
  add_platform(json, plan.platform);
  add_tags(json, plan.platform.tags, tags);
  return json;
}

OrderedJson redacted_request(OrderedJson request) {
  for (const char* member : {"Environment", "HyperParameters"}) {
    if (!request.contains(member)) continue;
    for (auto& [name, value] : request[member].items()) {
      value = names_a_secret(name) ? "[redacted:name]" : redact(value.get<std::string>());
    }
  }
  return request;
}

}  // namespace smflow::plan
