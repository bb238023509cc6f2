#include <algorithm>

#include <unistd.h>

#include <smflow/base/files.hpp>
#include <smflow/base/text.hpp>
#include <smflow/runtime/environment.hpp>

namespace smflow::runtime {

namespace fs = std::filesystem;

namespace {

// The file's text; `otherwise` when there is no such file.
Result<std::string> read_config(const fs::path& file, const char* otherwise) {
  if (otherwise != nullptr && !fs::exists(fs::status(file))) return std::string(otherwise);
  return read_file(file, 16u << 20);
}

Error no_resource_config(const fs::path& file, const Error& cause) {
  return {.code = "E220",
          .exit = ExitCode::configuration,
          .message = "this is not the container of a training job: " + cause.message,
          .fix = "start the job with 'smflow run', or make '" + file.string() +
                 "'; SAGEMAKER_BASE_DIR names another folder than /opt/ml"};
}

std::string without_mark(const std::string& text) {
  return text.substr(0, 3) == "\xEF\xBB\xBF" ? text.substr(3) : text;
}

PythonDict as_dict(const std::string& text) {
  const auto value = parse_python_json(without_mark(text));
  const PythonDict* dict = value ? value->as_dict() : nullptr;
  return dict == nullptr ? PythonDict() : *dict;
}

Result<void> read_hyperparameters(Environment& environment) {
  const fs::path file = environment.paths.hyperparameters_file();
  const auto text = read_config(file, "{}");
  if (!text) return tl::unexpected(text.error());
  const auto hyperparameters = contract::parse_hyperparameters(*text, file.string());
  if (!hyperparameters) return tl::unexpected(hyperparameters.error());
  environment.hyperparameters = decode_hyperparameters(*hyperparameters);
  for (const auto& [name, value] : as_dict(*text)) environment.hyperparameter_order.push_back(name);
  return {};
}

Result<void> read_channels(Environment& environment) {
  const fs::path file = environment.paths.input_data_config_file();
  const auto text = read_config(file, "{}");
  if (!text) return tl::unexpected(text.error());
  if (const auto checked = contract::parse_input_data_config(*text, file.string()); !checked) {
    return tl::unexpected(checked.error());
  }
  environment.channels = as_dict(*text);
  return {};
}

Result<void> read_resources(Environment& environment) {
  const fs::path file = environment.paths.resource_config_file();
  const auto text = read_config(file, nullptr);
  if (!text) return tl::unexpected(no_resource_config(file, text.error()));
  auto resources = contract::parse_resource_config(*text, file.string());
  if (!resources) return tl::unexpected(std::move(resources).error());
  environment.resources = *std::move(resources);
  environment.resource_document = as_dict(*text);
  return {};
}

bool any_launcher(const DecodedHyperparameters& hyperparameters) {
  static constexpr const char* flags[] = {"sagemaker_mpi_enabled",
                                          "sagemaker_parameter_server_enabled",
                                          "sagemaker_distributed_dataparallel_enabled",
                                          "sagemaker_pytorch_ddp_enabled",
                                          "sagemaker_pytorch_xla_multi_worker_enabled",
                                          "sagemaker_multi_worker_mirrored_strategy_enabled",
                                          "sagemaker_torch_distributed_enabled"};
  return std::any_of(std::begin(flags), std::end(flags), [&](const char* flag) {
    const auto found = hyperparameters.framework.find(flag);
    return found != hyperparameters.framework.end() && found->second.as_bool() != nullptr && *found->second.as_bool();
  });
}

std::string variable(const Variables& given, const char* name) {
  const auto found = given.find(name);
  return found == given.end() ? std::string() : found->second;
}

}  // namespace

Variables own_variables() {
  Variables variables;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const std::size_t equals = text.find('=');
    if (equals != std::string_view::npos) variables.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return variables;
}

Result<Environment> read_environment(const contract::Paths& paths, Variables given) {
  Environment environment;
  environment.paths = paths;
  environment.given = std::move(given);
  const Result<void> read =
      read_resources(environment).and_then([&] { return read_hyperparameters(environment); }).and_then([&] {
        return read_channels(environment);
      });
  if (!read) return tl::unexpected(read.error());
  return environment;
}

std::vector<std::string> distribution_groups(const Environment& environment) {
  const auto& framework = environment.hyperparameters.framework;
  const auto named = framework.find("sagemaker_distribution_instance_groups");
  std::vector<std::string> groups;
  if (named != framework.end() && named->second.as_list() != nullptr) {
    for (const PythonValue& group : *named->second.as_list()) groups.push_back(python_str(group));
  } else if (any_launcher(environment.hyperparameters)) {
    groups.push_back(environment.resources.current_group_name);
  }
  return groups;
}

std::vector<std::string> distribution_hosts(const Environment& environment) {
  if (environment.resources.instance_groups.empty()) return environment.resources.hosts;
  const std::vector<std::string> groups = distribution_groups(environment);
  std::vector<std::string> hosts;
  for (const contract::InstanceGroup& group : environment.resources.instance_groups) {
    if (std::find(groups.begin(), groups.end(), group.name) == groups.end()) continue;
    hosts.insert(hosts.end(), group.hosts.begin(), group.hosts.end());
  }
  return hosts;
}

std::string master_host(const Environment& environment) {
  const std::vector<std::string> hosts = distribution_hosts(environment);
  return hosts.empty() ? environment.resources.hosts.front() : *std::min_element(hosts.begin(), hosts.end());
}

std::string region_of(const Variables& given) {
  for (const char* name : {"AWS_REGION", "AWS_DEFAULT_REGION"}) {
    if (std::string region = variable(given, name); !region.empty()) return region;
  }
  // arn:aws:sagemaker:eu-west-1:123456789012:training-job/name
  const auto parts = split(variable(given, "TRAINING_JOB_ARN"), ':');
  return parts.size() > 3 ? parts[3] : std::string();
}

}  // namespace smflow::runtime
