#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <smflow/base/error.hpp>
#include <smflow/base/json.hpp>

// The contract between a SageMaker training job and its container: folders, files, limits. Written once, used by the
// local engine, which plays the platform, and by the entrypoint, which lives in the container. Source: Amazon SageMaker
// Developer Guide, "How Amazon SageMaker provides training information".
namespace smflow::contract {

// Folders and files below the base folder, "/opt/ml" on the platform.
struct Paths {
  std::filesystem::path base = "/opt/ml";

  std::filesystem::path input() const { return base / "input"; }
  std::filesystem::path input_config() const { return base / "input/config"; }
  std::filesystem::path hyperparameters_file() const { return input_config() / "hyperparameters.json"; }
  std::filesystem::path resource_config_file() const { return input_config() / "resourceconfig.json"; }
  std::filesystem::path input_data_config_file() const { return input_config() / "inputdataconfig.json"; }
  std::filesystem::path checkpoint_config_file() const { return input_config() / "checkpointconfig.json"; }
  std::filesystem::path input_data() const { return base / "input/data"; }
  std::filesystem::path channel(std::string_view name) const { return input_data() / name; }
  std::filesystem::path code() const { return base / "code"; }
  std::filesystem::path model() const { return base / "model"; }
  std::filesystem::path output() const { return base / "output"; }
  std::filesystem::path output_data() const { return base / "output/data"; }
  std::filesystem::path output_intermediate() const { return base / "output/intermediate"; }
  std::filesystem::path failure_file() const { return base / "output/failure"; }
  std::filesystem::path success_file() const { return base / "output/success"; }
  std::filesystem::path checkpoints() const { return base / "checkpoints"; }
};

// FailureReason keeps this many characters of the failure file.
inline constexpr std::size_t failure_reason_characters = 1024;
// Seconds between SIGTERM and SIGKILL when a job is stopped.
inline constexpr int stop_grace_seconds = 120;

// smflow's own, in the code folder: the schema that the training program checks its config with.
inline constexpr const char* config_schema_file = "training_config.schema.json";
// And the label of an image whose value is "sha256:" and the hash of that file.
inline constexpr const char* config_schema_label = "smflow.config_schema";

struct InstanceGroup {
  std::string name;
  std::string instance_type;
  std::vector<std::string> hosts;  // in file order: the platform does not sort them
};

// resourceconfig.json. Every member but current_host and hosts may be missing in the file.
struct ResourceConfig {
  std::string current_host;
  std::string current_instance_type;
  std::string current_group_name = "homogeneousCluster";
  std::vector<std::string> hosts;  // sorted by code point: algo-10 before algo-2; the rank is the index
  std::vector<InstanceGroup> instance_groups;
  std::string network_interface_name = "eth0";
  Json raw;  // the document as read, for SM_RESOURCE_CONFIG; ignored by to_json
};

// inputdataconfig.json: one member per channel. A FastFile channel is written as File, as the platform does.
struct ChannelConfig {
  std::string training_input_mode = "File";
  std::string s3_distribution_type = "FullyReplicated";
  std::string record_wrapper_type = "None";
  std::string content_type = {};  // left out when empty
};
using InputDataConfig = std::map<std::string, ChannelConfig>;

// Hyperparameters as the file has them: text to text.
using Hyperparameters = std::map<std::string, std::string>;

// What the platform writes.
Json to_json(const ResourceConfig& config);
Json to_json(const InputDataConfig& config);
Json to_json(const Hyperparameters& hyperparameters);

// What the container reads. `what` names the file in errors. A byte-order mark, `null` for an optional member or for a
// whole document that may be empty, missing optional members and unknown members are accepted. Errors: E902 not JSON;
// E210 a member of the wrong type; E211 a name or value that no variable or path can carry (NUL, a channel "../x");
// E212 no hosts, or current_host is not among them. `hosts` is returned sorted.
Result<ResourceConfig> parse_resource_config(std::string_view text, std::string_view what);
Result<Json> parse_input_data_config(std::string_view text, std::string_view what);  // the object, {} for null
Result<Hyperparameters> parse_hyperparameters(std::string_view text, std::string_view what);

// Letters, digits, '-', '_' and '.', and no path: "." and ".." are refused.
bool is_channel_name(std::string_view name);

// "algo-1", "algo-2", ... sorted as on the platform.
std::vector<std::string> host_names(int count);

// The first 1024 characters of a failure file's text, invalid UTF-8 replaced and control characters escaped as
// smflow::printable does, trailing white space removed.
std::string failure_reason(std::string_view failure_file_text);

}  // namespace smflow::contract
