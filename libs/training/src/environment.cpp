#include "smflow/training/environment.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include <smflow/base/json.hpp>
#include <smflow/base/text.hpp>

namespace smflow::training {

namespace {

Error malformed(const char* variable, std::string_view value, std::string_view wanted) {
  return {.code = "E330",
          .exit = ExitCode::configuration,
          .message = fmt::format("variable {} is '{}', not {}", variable, printable(utf8_prefix(value, 200)), wanted),
          .fix = "start the program through the 'train' entrypoint, or unset the variable"};
}

Result<std::vector<std::string>> name_list(const char* variable, const std::string& value) {
  const auto json = parse_json(value, variable);
  std::vector<std::string> names;
  if (!json || !json->is_array()) return tl::unexpected(malformed(variable, value, "a JSON list of names"));
  for (const Json& name : *json) {
    if (!name.is_string()) return tl::unexpected(malformed(variable, value, "a JSON list of names"));
    names.push_back(name.get<std::string>());
  }
  return names;
}

Result<void> read_hosts(Environment& environment, const EnvironmentLookup& lookup) {
  if (const auto host = lookup("SM_CURRENT_HOST")) {
    environment.current_host = *host;
    environment.hosts = {*host};
  }
  const auto value = lookup("SM_HOSTS");
  if (!value) return {};
  auto hosts = name_list("SM_HOSTS", *value);
  if (!hosts) return tl::unexpected(hosts.error());
  if (std::find(hosts->begin(), hosts->end(), environment.current_host) == hosts->end()) {
    return tl::unexpected(
        malformed("SM_HOSTS", *value, fmt::format("a list with '{}' in it", environment.current_host)));
  }
  environment.hosts = *std::move(hosts);
  return {};
}

Result<void> read_master_port(Environment& environment, const EnvironmentLookup& lookup) {
  const auto value = lookup("SM_MASTER_PORT");
  if (!value) return {};
  const char* end = value->data() + value->size();
  const auto [stop, problem] = std::from_chars(value->data(), end, environment.master_port);
  if (problem != std::errc{} || stop != end) return tl::unexpected(malformed("SM_MASTER_PORT", *value, "a port"));
  return {};
}

Result<void> read_gpu_count(Environment& environment, const EnvironmentLookup& lookup) {
  const auto value = lookup("SM_NUM_GPUS");
  if (!value) return {};
  const char* end = value->data() + value->size();
  const auto [stop, problem] = std::from_chars(value->data(), end, environment.gpu_count);
  if (problem != std::errc{} || stop != end || environment.gpu_count < 0) {
    return tl::unexpected(malformed("SM_NUM_GPUS", *value, "a whole number"));
  }
  return {};
}

Result<void> read_channels(Environment& environment, const EnvironmentLookup& lookup) {
  const auto value = lookup("SM_CHANNELS");
  if (!value) return {};
  const auto names = name_list("SM_CHANNELS", *value);
  if (!names) return tl::unexpected(names.error());
  for (const std::string& name : *names) {
    const auto folder = lookup(("SM_CHANNEL_" + to_upper(name)).c_str());
    if (folder) environment.channels[name] = *folder;
  }
  return {};
}

Result<void> read_distributions(Environment& environment, const EnvironmentLookup& lookup) {
  const auto value = lookup("SM_INPUT_DATA_CONFIG");
  if (!value) return {};
  const auto json = parse_json(*value, "SM_INPUT_DATA_CONFIG");
  if (!json || !json->is_object()) {
    return tl::unexpected(malformed("SM_INPUT_DATA_CONFIG", *value, "a JSON object of channels"));
  }
  for (const auto& [name, channel] : json->items()) {
    if (channel.is_object() && channel.value("S3DistributionType", Json()) == "ShardedByS3Key") {
      environment.sharded_channels.insert(name);
    }
  }
  return {};
}

}  // namespace

std::size_t Environment::rank() const {
  std::vector<std::string> sorted = hosts;
  std::sort(sorted.begin(), sorted.end());
  return static_cast<std::size_t>(std::find(sorted.begin(), sorted.end(), current_host) - sorted.begin());
}

Result<std::filesystem::path> Environment::channel(std::string_view name) const {
  const auto found = channels.find(std::string(name));
  if (found != channels.end()) return found->second;
  std::vector<std::string> names;
  for (const auto& entry : channels) names.push_back(entry.first);
  return tl::unexpected(Error{
      .code = "E331",
      .exit = ExitCode::configuration,
      .message =
          fmt::format("the job has no input channel '{}', only: {}", name, names.empty() ? "none" : join(names, ", ")),
      .fix = fmt::format("start the job with a channel '{}', or name the folder on the command line", name)});
}

Result<Environment> read_environment(const EnvironmentLookup& lookup) {
  Environment environment;
  environment.job_name = lookup("TRAINING_JOB_NAME").value_or("");
  environment.model_dir = lookup("SM_MODEL_DIR").value_or("");
  environment.output_data_dir = lookup("SM_OUTPUT_DATA_DIR").value_or("");
  environment.metrics_file = lookup("SMFLOW_METRICS").value_or("");
  environment.network_interface = lookup("SM_NETWORK_INTERFACE_NAME").value_or("");
  for (const auto read : {read_hosts, read_master_port, read_gpu_count, read_channels, read_distributions}) {
    if (auto done = read(environment, lookup); !done) return tl::unexpected(done.error());
  }
  return environment;
}

}  // namespace smflow::training
