#include <algorithm>

#include <smflow/base/text.hpp>
#include <smflow/contract/contract.hpp>

namespace smflow::contract {

namespace {

Json group_json(const std::string& name, const std::string& type, const std::vector<std::string>& hosts) {
  return {{"instance_group_name", name}, {"instance_type", type}, {"hosts", hosts}};
}

}  // namespace

Json to_json(const ResourceConfig& config) {
  Json groups = Json::array();
  for (const InstanceGroup& group : config.instance_groups) {
    groups.push_back(group_json(group.name, group.instance_type, group.hosts));
  }
  if (groups.empty()) {
    groups.push_back(group_json(config.current_group_name, config.current_instance_type, config.hosts));
  }
  return {{"current_host", config.current_host},
          {"current_instance_type", config.current_instance_type},
          {"current_group_name", config.current_group_name},
          {"hosts", config.hosts},
          {"instance_groups", std::move(groups)},
          {"network_interface_name", config.network_interface_name},
          {"topology", nullptr}};
}

Json to_json(const InputDataConfig& config) {
  Json channels = Json::object();
  for (const auto& [name, channel] : config) {
    Json& entry = channels[name];
    entry["TrainingInputMode"] = channel.training_input_mode == "FastFile" ? "File" : channel.training_input_mode;
    entry["S3DistributionType"] = channel.s3_distribution_type;
    entry["RecordWrapperType"] = channel.record_wrapper_type;
    if (!channel.content_type.empty()) entry["ContentType"] = channel.content_type;
  }
  return channels;
}

Json to_json(const Hyperparameters& hyperparameters) {
  Json values = Json::object();
  for (const auto& [name, value] : hyperparameters) values[name] = value;
  return values;
}

std::vector<std::string> host_names(int count) {
  std::vector<std::string> names;
  for (int i = 1; i <= count; ++i) names.push_back("algo-" + std::to_string(i));
  std::sort(names.begin(), names.end());
  return names;
}

std::string failure_reason(std::string_view failure_file_text) {
  // No character needs more than 4 bytes, so the rest of a huge file is never looked at.
  const std::string text = printable(failure_file_text.substr(0, failure_reason_characters * 4));
  const std::string_view reason = utf8_prefix_characters(text, failure_reason_characters);
  return std::string(reason.substr(0, reason.find_last_not_of(" \t\r\n") + 1));
}

}  // namespace smflow::contract
