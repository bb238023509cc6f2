#include <smflow/base/files.hpp>
#include <smflow/base/redact.hpp>
#include <smflow/plan/job_plan.hpp>

namespace smflow::plan {

namespace {

const char* to_string(Target target) {
  switch (target) {
    case Target::local:
      return "local";
    case Target::local_gpu:
      return "local_gpu";
    case Target::sagemaker:
      return "sagemaker";
  }
  return "local";
}

const char* to_string(LocalEngine engine) {
  switch (engine) {
    case LocalEngine::automatic:
      return "auto";
    case LocalEngine::process:
      return "process";
    case LocalEngine::container:
      return "container";
  }
  return "auto";
}

OrderedJson channels_json(const std::vector<Channel>& channels) {
  OrderedJson array = OrderedJson::array();
  for (const Channel& channel : channels) {
    OrderedJson entry{{"name", channel.name}, {"uri", channel.uri}, {"input_mode", to_string(channel.input_mode)}};
    if (!channel.content_type.empty()) entry["content_type"] = channel.content_type;
    if (channel.distribution != DataDistribution::FullyReplicated) {
      entry["distribution"] = to_string(channel.distribution);
    }
    array.push_back(std::move(entry));
  }
  return array;
}

OrderedJson redacted_json(const std::map<std::string, std::string>& texts) {
  OrderedJson object = OrderedJson::object();
  for (const auto& [name, value] : texts) {
    object[name] = names_a_secret(name) ? "[redacted:name]" : redact(value);
  }
  return object;
}

OrderedJson platform_json(const PlatformOptions& platform) {
  OrderedJson json = OrderedJson::object();
  for (const auto& [name, text] :
       {std::pair{"region", &platform.region}, std::pair{"ecr_account", &platform.ecr_account},
        std::pair{"volume_kms_key", &platform.volume_kms_key}, std::pair{"output_kms_key", &platform.output_kms_key}}) {
    if (!text->empty()) json[name] = *text;
  }
  json["keep_alive_s"] = platform.keep_alive.count();
  json["max_retry_attempts"] = platform.max_retry_attempts;
  json["network_isolation"] = platform.network_isolation;
  json["encrypt_inter_container_traffic"] = platform.encrypt_inter_container_traffic;
  json["remote_debug"] = platform.remote_debug;
  json["compress_output"] = platform.compress_output;
  json["subnets"] = platform.subnets;
  json["security_group_ids"] = platform.security_group_ids;
  json["tags"] = redacted_json(platform.tags);
  return json;
}

}  // namespace

const char* to_string(InputMode mode) {
  switch (mode) {
    case InputMode::File:
      return "File";
    case InputMode::FastFile:
      return "FastFile";
    case InputMode::Pipe:
      return "Pipe";
  }
  return "File";
}

const char* to_string(DataDistribution distribution) {
  return distribution == DataDistribution::ShardedByS3Key ? "ShardedByS3Key" : "FullyReplicated";
}

std::filesystem::path default_work_directory() {
  return user_cache_directory() / "jobs";
}

std::string artifacts_folder(const std::string& job_name) {
  return job_name + "/output";
}

ArtifactNames artifact_names(bool compressed) {
  if (compressed) return {.model = "model.tar.gz", .output = "output.tar.gz"};
  return {.model = "model/", .output = "data/"};
}

std::string model_uri(const JobPlan& plan) {
  return plan.output_uri + "/" + artifacts_folder(plan.job_name) + "/" +
         artifact_names(plan.platform.compress_output).model;
}

OrderedJson to_json(const JobPlan& plan) {
  OrderedJson json{{"schema", "smflow.plan/1"},
                   {"job_name", plan.job_name},
                   {"target", to_string(plan.target)},
                   {"instance_type", plan.instance_type},
                   {"instance_count", plan.instance_count},
                   {"spot", plan.spot},
                   {"max_run_time_s", plan.max_run_time.count()}};
  if (plan.max_wait_time) json["max_wait_time_s"] = plan.max_wait_time->count();
  if (!plan.image_uri.empty()) json["image_uri"] = plan.image_uri;
  if (!plan.role_arn.empty()) json["role_arn"] = plan.role_arn;
  if (plan.target != Target::sagemaker) {
    json["local"] = {{"engine", to_string(plan.local.engine)},
                     {"code", plan.local.code.string()},
                     {"work_directory", plan.local.work_directory.string()},
                     {"keep_core", plan.local.keep_core},
                     {"aws_credentials", plan.local.aws_credentials},
                     {"stop_grace_s", plan.stop_grace.count()}};
    if (plan.local.debug) json["local"]["debug_host"] = plan.local.debug->host;
    if (plan.local.shape) {
      json["local"]["shape"] = {{"cpus", plan.local.shape->cpus}, {"memory_bytes", plan.local.shape->memory}};
    }
  } else {
    json["volume_size_gb"] = plan.volume_size_gb;
    json["platform"] = platform_json(plan.platform);
  }
  json["program"] = plan.program;
  if (!plan.config_schema.empty()) json["config_schema"] = plan.config_schema;
  json["hyperparameters"] = plan.hyperparameters;
  json["environment"] = redacted_json(plan.environment);
  json["channels"] = channels_json(plan.channels);
  OrderedJson metrics = OrderedJson::array();
  for (const MetricDefinition& metric : plan.metric_definitions) {
    metrics.push_back({{"name", metric.name}, {"regex", metric.regex}});
  }
  json["metric_definitions"] = std::move(metrics);
  json["output_uri"] = plan.output_uri;
  if (plan.checkpoint) {
    json["checkpoint"] = {{"uri", plan.checkpoint->uri}, {"local_path", plan.checkpoint->local_path}};
  }
  json["record_uri"] = plan.record_uri;
  return json;
}

}  // namespace smflow::plan
