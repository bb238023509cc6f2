#include <algorithm>

#include <smflow/base/text.hpp>
#include <smflow/runtime/program_variables.hpp>

namespace smflow::runtime {

namespace {

// execve refuses one string of this many bytes or more, whatever the total (MAX_ARG_STRLEN).
constexpr std::size_t longest_string = 131072;
constexpr const char* default_log_level = "20";  // INFO

PythonValue list_of(const std::vector<std::string>& texts) {
  return PythonList(texts.begin(), texts.end());
}

PythonValue text_or_none(const std::string& text) {
  return text.empty() ? PythonValue() : PythonValue(text);
}

const PythonValue* member(const PythonValue& document, std::string_view name) {
  const PythonDict* dict = document.as_dict();
  if (dict == nullptr) return nullptr;
  const auto found = std::find_if(dict->begin(), dict->end(), [&](const auto& entry) { return entry.first == name; });
  return found == dict->end() || found->second.is_none() ? nullptr : &found->second;
}

std::string get(const Variables& variables, const std::string& name, const std::string& otherwise = {}) {
  const auto found = variables.find(name);
  return found == variables.end() ? otherwise : found->second;
}

// Name -> group object, as in the file.
PythonDict groups_by_name(const PythonValue& document) {
  PythonDict groups;
  const PythonValue* listed = member(document, "instance_groups");
  if (listed == nullptr || listed->as_list() == nullptr) return groups;
  for (const PythonValue& group : *listed->as_list()) {
    const PythonValue* name = member(group, "instance_group_name");
    if (name != nullptr) groups.emplace_back(python_str(*name), group);
  }
  return groups;
}

std::vector<std::string> names_of(const std::vector<contract::InstanceGroup>& groups) {
  std::vector<std::string> names;
  for (const contract::InstanceGroup& group : groups) names.push_back(group.name);
  return names;
}

std::vector<std::string> hosts_of(const contract::ResourceConfig& resources, const std::string& name) {
  for (const contract::InstanceGroup& group : resources.instance_groups) {
    if (group.name == name) return group.hosts;
  }
  return {};
}

PythonDict channel_folders(const Environment& environment) {
  PythonDict folders;
  for (const auto& [name, channel] : environment.channels) {
    folders.emplace_back(name, environment.paths.channel(name).string());
  }
  return folders;
}

std::string module_name(const std::string& program) {
  return program.size() > 3 && program.substr(program.size() - 3) == ".py" ? program.substr(0, program.size() - 3)
                                                                           : program;
}

PythonValue log_level(const Environment& environment) {
  const auto& reserved = environment.hyperparameters.reserved;
  const auto found = reserved.find("sagemaker_container_log_level");
  return found != reserved.end() && found->second.as_int() != nullptr ? found->second
                                                                      : PythonValue(PythonInt{default_log_level});
}

// The members of SM_TRAINING_ENV. Most SM_* variables are the same values in another form, made from here.
PythonDict training_env(const Environment& environment, const EntryPoint& program) {
  const contract::ResourceConfig& resources = environment.resources;
  const contract::Paths& paths = environment.paths;
  const DecodedHyperparameters& values = environment.hyperparameters;
  const std::string master = master_host(environment);
  const PythonValue* topology = member(environment.resource_document, "topology");
  return {
      {"additional_framework_parameters", to_dict(values.framework)},
      {"channel_input_dirs", channel_folders(environment)},
      {"current_host", resources.current_host},
      {"current_instance_group", resources.current_group_name},
      {"current_instance_group_hosts", list_of(hosts_of(resources, resources.current_group_name))},
      {"current_instance_type", resources.current_instance_type.empty() ? "local" : resources.current_instance_type},
      {"distribution_hosts", list_of(distribution_hosts(environment))},
      {"distribution_instance_groups", list_of(distribution_groups(environment))},
      {"framework_module", text_or_none(get(environment.given, "SAGEMAKER_TRAINING_MODULE"))},
      {"hosts", list_of(resources.hosts)},
      {"hyperparameters", to_dict(values.user)},
      {"input_config_dir", paths.input_config().string()},
      {"input_data_config", environment.channels},
      {"input_dir", paths.input().string()},
      {"instance_groups", list_of(names_of(resources.instance_groups))},
      {"instance_groups_dict", groups_by_name(environment.resource_document)},
      {"is_hetero", resources.instance_groups.size() > 1},
      {"is_master", resources.current_host == master},
      {"is_modelparallel_enabled", text_or_none(get(environment.given, "SM_HP_MP_PARAMETERS"))},
      {"is_smddpmprun_installed", false},
      {"is_smddprun_installed", false},
      {"job_name", text_or_none(get(environment.given, "TRAINING_JOB_NAME"))},
      {"log_level", log_level(environment)},
      {"master_hostname", master},
      {"model_dir", paths.model().string()},
      {"module_dir", text_of(values.reserved, "sagemaker_submit_directory", paths.code().string())},
      {"module_name", module_name(program.name)},
      {"network_interface_name", resources.network_interface_name},
      {"num_cpus", environment.devices.cpus},
      {"num_gpus", environment.devices.gpus},
      {"num_neurons", environment.devices.neurons},
      {"output_data_dir", paths.output_data().string()},
      {"output_dir", paths.output().string()},
      {"output_intermediate_dir", paths.output_intermediate().string()},
      {"resource_config", environment.resource_document},
      {"topology", topology == nullptr ? PythonValue() : *topology},
      {"user_entry_point", program.name},
  };
}

// SM_<NAME> for these members of SM_TRAINING_ENV, in their own form.
constexpr const char* shared_members[] = {"hosts",
                                          "current_host",
                                          "current_instance_type",
                                          "current_instance_group",
                                          "current_instance_group_hosts",
                                          "instance_groups",
                                          "instance_groups_dict",
                                          "distribution_instance_groups",
                                          "is_hetero",
                                          "network_interface_name",
                                          "num_cpus",
                                          "num_gpus",
                                          "num_neurons",
                                          "user_entry_point",
                                          "module_name",
                                          "module_dir",
                                          "framework_module",
                                          "log_level",
                                          "model_dir",
                                          "input_dir",
                                          "input_config_dir",
                                          "output_dir",
                                          "output_data_dir",
                                          "output_intermediate_dir",
                                          "resource_config",
                                          "input_data_config"};

void add_toolkit_variables(const Environment& environment, const EntryPoint& program, Variables& variables) {
  const PythonValue document = training_env(environment, program);
  for (const char* name : shared_members) {
    const PythonValue* value = member(document, name);
    variables["SM_" + to_upper(name)] = value == nullptr ? "" : to_variable(*value);
  }
  std::vector<std::string> channels;
  for (const auto& [name, channel] : environment.channels) {
    channels.push_back(name);
    variables["SM_CHANNEL_" + to_upper(name)] = environment.paths.channel(name).string();
  }
  std::sort(channels.begin(), channels.end());
  variables["SM_CHANNELS"] = python_json(list_of(channels));
  variables["SM_HPS"] = python_json(to_dict(environment.hyperparameters.user));
  variables["SM_USER_ARGS"] = python_json(list_of(program.arguments));
  variables["SM_FRAMEWORK_PARAMS"] = python_json(to_dict(environment.hyperparameters.framework));
  if (const PythonValue* topology = member(document, "topology")) variables["SM_TOPOLOGY"] = to_variable(*topology);
  variables["SM_TRAINING_ENV"] = python_json(document);
  for (const std::string& name : environment.hyperparameter_order) {
    const auto value = environment.hyperparameters.user.find(name);
    if (value != environment.hyperparameters.user.end())
      variables["SM_HP_" + to_upper(name)] = to_variable(value->second);
  }
}

void add_driver_variables(const Environment& environment, Variables& variables) {
  const auto& hosts = environment.resources.hosts;
  const auto rank = std::find(hosts.begin(), hosts.end(), environment.resources.current_host) - hosts.begin();
  variables["SM_HOST_COUNT"] = std::to_string(hosts.size());
  variables["SM_CURRENT_HOST_RANK"] = std::to_string(rank);
  variables["SM_MASTER_ADDR"] = master_host(environment);
  variables["SM_MASTER_PORT"] = "7777";
  variables["SM_INPUT_DATA_DIR"] = environment.paths.input_data().string();
  variables["SM_OUTPUT_FAILURE"] = environment.paths.failure_file().string();
  variables["CURRENT_HOST"] = environment.resources.current_host;
  variables["SAGEMAKER_JOB_NAME"] = text_of(environment.hyperparameters.reserved, "sagemaker_job_name");
  const std::string region =
      text_of(environment.hyperparameters.reserved, "sagemaker_region", region_of(environment.given));
  if (!region.empty()) variables["SAGEMAKER_REGION"] = region;
}

void add_python_variables(const Environment& environment, Variables& variables) {
  const std::string code = environment.paths.code().string();
  const std::string path = get(environment.given, "PYTHONPATH");
  variables["PYTHONPATH"] = path.empty() ? code : code + ":" + path;
  for (const char* name : {"PYTHONUNBUFFERED", "PYTHONFAULTHANDLER"}) {
    variables[name] = get(environment.given, name, "1");
  }
}

// "SM_HP_BATCH_SIZE" beside "SM_HP_BATCH-SIZE", unless another key has that name.
void add_aliases(Variables& variables) {
  Variables aliases;
  for (const auto& [name, value] : variables) {
    std::string alias = name;
    for (char& c : alias) {
      if (c == '-' || c == '.') c = '_';
    }
    if (alias != name) aliases.emplace(std::move(alias), value);
  }
  variables.insert(aliases.begin(), aliases.end());
}

}  // namespace

ProgramVariables program_variables(const Environment& environment, const EntryPoint& program) {
  Variables made;
  add_toolkit_variables(environment, program, made);
  add_driver_variables(environment, made);
  add_aliases(made);
  add_python_variables(environment, made);
  ProgramVariables result;
  result.all = environment.given;
  for (auto& [name, value] : made) {
    if (name.find('=') != std::string::npos || name.size() + value.size() + 2 > longest_string) {
      result.left_out.push_back(name);
      result.all.erase(name);
    } else {
      result.all[name] = std::move(value);
    }
  }
  return result;
}

}  // namespace smflow::runtime
