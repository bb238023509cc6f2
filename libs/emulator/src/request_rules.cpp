#include "request_rules.hpp"

#include "metrics.hpp"

#include <regex>
#include <set>

namespace smflow::emulator {

namespace {

using Refusal = std::optional<ServiceError>;

Refusal unsupported(const std::string& what) {
  return validation_error("smflow emulator: " + what);
}

std::string text_at(const Json& object, const char* key, const char* otherwise = "") {
  return object.value(key, std::string(otherwise));
}

Refusal algorithm_rules(const Json& request) {
  const Json& algorithm = request["AlgorithmSpecification"];
  if (algorithm.contains("TrainingImage") == algorithm.contains("AlgorithmName")) {
    return validation_error("give exactly one of TrainingImage and AlgorithmName in AlgorithmSpecification");
  }
  if (algorithm.contains("ContainerEntrypoint") || algorithm.contains("ContainerArguments")) {
    return unsupported("every job runs the program train: no ContainerEntrypoint or -Arguments");
  }
  for (const Json& metric : algorithm.value("MetricDefinitions", Json::array())) {
    if (const std::string why = metric_pattern_fault(metric["Regex"]); !why.empty()) {
      return validation_error("the regular expression of metric '" + text_at(metric, "Name") +
                              "' is not valid: " + why);
    }
  }
  return {};
}

Refusal resource_rules(const Json& request) {
  const Json& resources = request["ResourceConfig"];
  const bool groups = resources.contains("InstanceGroups") && !resources["InstanceGroups"].empty();
  if (groups == (resources.contains("InstanceType") || resources.contains("InstanceCount"))) {
    return validation_error("give either InstanceType with InstanceCount or InstanceGroups in ResourceConfig");
  }
  if (!groups && !(resources.contains("InstanceType") && resources.contains("InstanceCount"))) {
    return validation_error("InstanceType and InstanceCount in ResourceConfig need each other");
  }
  const int hosts = host_count(request);
  if (hosts < 1) return validation_error("the job needs at least one instance");
  if (hosts > 32) return unsupported(std::to_string(hosts) + " instances; at most 32 run on one machine");
  return {};
}

Refusal stopping_rules(const Json& request) {
  const Json& stopping = request["StoppingCondition"];
  constexpr std::int64_t longest = 28 * 86400;
  const std::int64_t run = stopping.value("MaxRuntimeInSeconds", std::int64_t{86400});
  if (run > longest) return validation_error("MaxRuntimeInSeconds is more than 28 days");
  const bool spot = request.value("EnableManagedSpotTraining", false);
  if (spot && !stopping.contains("MaxWaitTimeInSeconds")) {
    return validation_error("MaxWaitTimeInSeconds is needed when EnableManagedSpotTraining is true");
  }
  if (!spot && stopping.contains("MaxWaitTimeInSeconds")) {
    return validation_error("MaxWaitTimeInSeconds is for managed spot training only");
  }
  if (spot && stopping["MaxWaitTimeInSeconds"].get<std::int64_t>() < run) {
    return validation_error("MaxWaitTimeInSeconds is less than MaxRuntimeInSeconds");
  }
  return {};
}

Refusal source_rules(const Json& channel, const std::string& what) {
  const Json& source = channel["DataSource"];
  if (source.contains("S3DataSource") == source.contains("FileSystemDataSource")) {
    return validation_error(what + ": give exactly one of S3DataSource and FileSystemDataSource");
  }
  if (source.contains("FileSystemDataSource")) return unsupported(what + ": no EFS or FSx file systems");
  const Json& s3 = source["S3DataSource"];
  if (text_at(s3, "S3DataType") != "S3Prefix") return unsupported(what + ": S3DataType has to be S3Prefix");
  if (s3.contains("InstanceGroupNames")) return unsupported(what + ": no InstanceGroupNames");
  return {};
}

Refusal channel_rules(const Json& channel, const std::string& default_mode) {
  const std::string what = "channel '" + text_at(channel, "ChannelName") + "'";
  const bool pipe = text_at(channel, "InputMode", default_mode.c_str()) == "Pipe";
  const bool gzip = text_at(channel, "CompressionType") == "Gzip";
  const bool records = text_at(channel, "RecordWrapperType") == "RecordIO";
  if (!pipe && (gzip || records)) return validation_error(what + ": Gzip and RecordIO are for the Pipe mode only");
  if (gzip || records) return unsupported(what + ": no Gzip and no RecordIO");
  if (channel.contains("ShuffleConfig")) return unsupported(what + ": no ShuffleConfig");
  return source_rules(channel, what);
}

Refusal input_rules(const Json& request) {
  const std::string mode = text_at(request["AlgorithmSpecification"], "TrainingInputMode");
  std::set<std::string> names;
  for (const Json& channel : request.value("InputDataConfig", Json::array())) {
    if (!names.insert(channel["ChannelName"].get<std::string>()).second) {
      return validation_error("two channels are named '" + text_at(channel, "ChannelName") + "'");
    }
    if (auto refused = channel_rules(channel, mode)) return refused;
  }
  return {};
}

}  // namespace

std::optional<ServiceError> broken_rule(const Json& request) {
  for (const auto rules : {algorithm_rules, resource_rules, stopping_rules, input_rules}) {
    if (auto refused = rules(request)) return refused;
  }
  return {};
}

int host_count(const Json& request) {
  const Json& resources = request["ResourceConfig"];
  constexpr std::int64_t too_many = 1'000'000;
  std::int64_t hosts = std::min(resources.value("InstanceCount", std::int64_t{0}), too_many);
  for (const Json& group : resources.value("InstanceGroups", Json::array())) {
    hosts += std::min(group["InstanceCount"].get<std::int64_t>(), too_many);
  }
  return static_cast<int>(hosts);
}

}  // namespace smflow::emulator
