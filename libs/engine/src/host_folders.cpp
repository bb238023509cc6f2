#include "host_folders.hpp"

#include <fstream>

#include <smflow/base/files.hpp>
#include <smflow/contract/contract.hpp>

namespace smflow::engine {

namespace fs = std::filesystem;

namespace {

const contract::Paths inside{};

contract::Paths paths_of(const HostOrder& host) {
  return {.base = host.folder / "ml"};
}

Result<void> make_folders(const fs::path& folder) {
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (failed) return tl::unexpected(cannot_prepare(folder, failed.value()));
  return {};
}

contract::InputDataConfig input_data_config(const plan::JobPlan& plan) {
  contract::InputDataConfig config;
  for (const plan::Channel& channel : plan.channels) {
    const bool pipe = channel.input_mode == plan::InputMode::Pipe;
    config[channel.name] = contract::ChannelConfig{.training_input_mode = pipe ? "Pipe" : "File",
                                                   .s3_distribution_type = plan::to_string(channel.distribution),
                                                   .content_type = channel.content_type};
  }
  return config;
}

contract::ResourceConfig resource_config(const JobOrder& order, const std::string& host,
                                         const std::string& network_interface) {
  contract::ResourceConfig config;
  config.current_host = host;
  config.current_instance_type = order.plan.instance_type;
  config.hosts = contract::host_names(order.plan.instance_count);
  config.instance_groups = {{config.current_group_name, order.plan.instance_type, config.hosts}};
  config.network_interface_name = network_interface;
  return config;
}

Result<void> make_folders_of(const plan::JobPlan& plan, const HostOrder& host) {
  const contract::Paths paths = paths_of(host);
  std::vector<fs::path> wanted{paths.input_config(),    paths.input_data(),       paths.code(),
                               paths.model(),           paths.output_data(),      host.folder / "tmp",
                               host.folder / "root",    host.folder / "tmp/home", host.folder / code_changes,
                               host.folder / code_work, debug_folder(host.folder)};
  if (plan.checkpoint) wanted.push_back(on_this_machine(host.folder, plan.checkpoint->local_path));
  for (const fs::path& path : wanted) {
    if (auto made = make_folders(path); !made) return made;
  }
  fs::permissions(host.folder / "tmp", fs::perms::all | fs::perms::sticky_bit);
  // Whoever may enter it may type into the program's console.
  fs::permissions(debug_folder(host.folder), fs::perms::owner_all);
  return {};
}

Result<void> make_mount_point(const HostOrder& host, const Bind& input) {
  const fs::path place = on_this_machine(host.folder, input.target);
  if (!fs::is_regular_file(input.source)) return make_folders(place);
  if (auto made = make_folders(place.parent_path()); !made) return made;
  return write_text(place, "");
}

Result<void> write_config(const plan::JobPlan& plan, const HostOrder& host) {
  const contract::Paths paths = paths_of(host);
  const contract::Hyperparameters& hyperparameters = plan.hyperparameters;
  std::vector<std::pair<fs::path, std::string>> files{
      {paths.hyperparameters_file(), contract::to_json(hyperparameters).dump()},
      {paths.input_data_config_file(), contract::to_json(input_data_config(plan)).dump()}};
  if (plan.checkpoint) {
    files.emplace_back(paths.checkpoint_config_file(), Json{{"LocalPath", plan.checkpoint->local_path}}.dump());
  }
  for (const auto& [file, text] : files) {
    if (auto written = write_text(file, text); !written) return written;
  }
  return {};
}

}  // namespace

Error cannot_prepare(const fs::path& path, int errno_value) {
  Error error = system_error("cannot prepare '" + path.string() + "'", errno_value);
  error.code = "E110";
  error.fix = "set LOCAL.WORK_DIR to a folder that is writable and has room";
  return error;
}

// Not synced to the disk, unlike write_file: nobody needs these files after a power cut.
Result<void> write_text(const fs::path& file, const std::string& text) {
  std::ofstream out(file, std::ios::binary);
  out << text;
  out.close();
  if (!out) return tl::unexpected(cannot_prepare(file, errno));
  return {};
}

fs::path on_this_machine(const fs::path& host_folder, const fs::path& path) {
  return host_folder / "ml" / path.lexically_normal().lexically_relative(inside.base);
}

Result<void> make_host_folders(const JobOrder& order) {
  for (const HostOrder& host : order.hosts) {
    if (auto made = make_folders_of(order.plan, host); !made) return made;
    for (const Bind& input : host.inputs) {
      if (auto made = make_mount_point(host, input); !made) return made;
    }
    if (auto written = write_config(order.plan, host); !written) return written;
  }
  return {};
}

Result<void> write_resource_config(const JobOrder& order, const std::string& network_interface) {
  for (const HostOrder& host : order.hosts) {
    const std::string text = contract::to_json(resource_config(order, host.name, network_interface)).dump();
    if (auto written = write_text(paths_of(host).resource_config_file(), text); !written) return written;
  }
  return {};
}

std::map<std::string, std::string> platform_environment(const plan::JobPlan& plan, const EnvironmentLookup& caller) {
  std::string region = "us-east-1";
  for (const char* name : {"AWS_DEFAULT_REGION", "AWS_REGION"}) region = caller(name).value_or(region);
  std::map<std::string, std::string> variables = plan.environment;
  const std::string arn = "arn:aws:sagemaker:" + region + ":000000000000:training-job/" + plan.job_name;
  variables.merge(std::map<std::string, std::string>{
      {"AWS_REGION", region}, {"TRAINING_JOB_NAME", plan.job_name}, {"TRAINING_JOB_ARN", arn}});
  if (!plan.program.empty()) variables.emplace("SAGEMAKER_PROGRAM", plan.program);
  return variables;
}

}  // namespace smflow::engine
