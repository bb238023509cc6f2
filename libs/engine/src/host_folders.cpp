#include "host_folders.hpp"

#include "host_process.hpp"
#include "owner.hpp"

#include <fstream>

#include <unistd.h>

#include <smflow/base/files.hpp>
#include <smflow/contract/contract.hpp>

namespace smflow::engine {

namespace fs = std::filesystem;

namespace {

const contract::Paths inside{};

contract::Paths paths_of(const JobFolder& folder, const std::string& host) {
  return {.base = folder.host(host) / "ml"};
}

Error cannot_prepare(const fs::path& path, int errno_value) {
  Error error = system_error("cannot prepare '" + path.string() + "'", errno_value);
  error.code = "E110";
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

Result<void> make_folders(const fs::path& folder) {
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (failed) return tl::unexpected(cannot_prepare(folder, failed.value()));
  return {};
}

contract::InputDataConfig input_data_config(const plan::JobPlan& plan) {
  contract::InputDataConfig config;
  for (const plan::Channel& channel : plan.channels) {
    config[channel.name] = contract::ChannelConfig{.content_type = channel.content_type};
  }
  return config;
}

contract::ResourceConfig resource_config(const plan::JobPlan& plan, const std::string& host, const Rung& rung) {
  contract::ResourceConfig config;
  config.current_host = host;
  config.current_instance_type = plan.instance_type;
  config.hosts = contract::host_names(plan.instance_count);
  config.instance_groups = {{config.current_group_name, plan.instance_type, config.hosts}};
  config.network_interface_name = network_interface(rung);
  return config;
}

Result<void> make_folders_of(const plan::JobPlan& plan, const JobFolder& folder, const std::string& host) {
  const contract::Paths paths = paths_of(folder, host);
  std::vector<fs::path> wanted{paths.input_config(),
                               paths.input_data(),
                               paths.code(),
                               paths.model(),
                               paths.output_data(),
                               folder.host(host) / "tmp",
                               folder.host(host) / "root",
                               folder.host(host) / "tmp/home"};
  if (plan.checkpoint) wanted.push_back(on_this_machine(folder, host, plan.checkpoint->local_path));
  for (const fs::path& path : wanted) {
    if (auto made = make_folders(path); !made) return made;
  }
  fs::permissions(folder.host(host) / "tmp", fs::perms::all | fs::perms::sticky_bit);
  return {};
}

// Where the channel's data will be mounted.
Result<void> make_mount_point(const fs::path& data, const Input& input) {
  if (auto made = make_folders(data / input.channel); !made) return made;
  return input.is_file ? write_text(data / input.place(), "") : Result<void>{};
}

Result<void> write_config(const plan::JobPlan& plan, const JobFolder& folder, const std::string& host) {
  const contract::Paths paths = paths_of(folder, host);
  const contract::Hyperparameters& hyperparameters = plan.hyperparameters;
  std::vector<std::pair<fs::path, std::string>> files{
      {paths.hyperparameters_file(), contract::to_json(hyperparameters).dump()},
      {paths.input_data_config_file(), contract::to_json(input_data_config(plan)).dump()},
      {folder.host(host) / "hostname", host + "\n"}};
  if (plan.checkpoint) {
    files.emplace_back(paths.checkpoint_config_file(), Json{{"LocalPath", plan.checkpoint->local_path}}.dump());
  }
  for (const auto& [file, text] : files) {
    if (auto written = write_text(file, text); !written) return written;
  }
  return {};
}

std::string hosts_file(const plan::JobPlan& plan, Network network) {
  std::string text = "127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n";
  const std::vector<std::string> names = contract::host_names(plan.instance_count);
  for (int number = 1; number <= plan.instance_count; ++number) {
    text += host_address(network, static_cast<std::size_t>(number) - 1) + " algo-" + std::to_string(number) + "\n";
  }
  // On the machine's own network its own names go on to hold.
  if (network == Network::shared) text += read_file("/etc/hosts").value_or("");
  return text;
}

// Without mounts: the program reads the caller's folders through links.
Result<void> link_instead(const fs::path& source, const fs::path& place) {
  std::error_code failed;
  fs::remove(place, failed);
  fs::create_symlink(source, place, failed);
  if (failed) return tl::unexpected(cannot_prepare(place, failed.value()));
  return {};
}

Result<void> link_inputs(const plan::JobPlan& plan, const contract::Paths& paths, const std::vector<Input>& inputs) {
  if (auto linked = link_instead(fs::absolute(plan.local.code), paths.code()); !linked) return linked;
  for (const Input& input : inputs) {
    if (auto linked = link_instead(input.source, paths.input_data() / input.place()); !linked) return linked;
  }
  return {};
}

}  // namespace

fs::path on_this_machine(const JobFolder& folder, const std::string& host, const fs::path& path) {
  return paths_of(folder, host).base / path.lexically_normal().lexically_relative(inside.base);
}

Result<void> make_host_folders(const plan::JobPlan& plan, const JobFolder& folder, const std::vector<Input>& inputs) {
  for (const std::string& host : contract::host_names(plan.instance_count)) {
    if (auto made = make_folders_of(plan, folder, host); !made) return made;
    for (const Input& input : inputs) {
      if (auto made = make_mount_point(paths_of(folder, host).input_data(), input); !made) return made;
    }
    if (auto written = write_config(plan, folder, host); !written) return written;
  }
  return {};
}

Result<void> fit_to(const Rung& rung, const plan::JobPlan& plan, const JobFolder& folder,
                    const std::vector<Input>& inputs) {
  for (const std::string& host : contract::host_names(plan.instance_count)) {
    const contract::Paths paths = paths_of(folder, host);
    const std::string resources = contract::to_json(resource_config(plan, host, rung)).dump();
    if (auto written = write_text(paths.resource_config_file(), resources); !written) return written;
    const std::string hosts = hosts_file(plan, rung.network);
    if (auto written = write_text(folder.host(host) / "hosts", hosts); !written) return written;
    if (rung.isolation != Isolation::environment) continue;
    if (auto linked = link_inputs(plan, paths, inputs); !linked) return linked;
  }
  return {};
}

std::map<std::string, std::string> job_environment(const plan::JobPlan& plan, const EnvironmentLookup& caller) {
  std::string region = "us-east-1";
  for (const char* name : {"AWS_DEFAULT_REGION", "AWS_REGION"}) region = caller(name).value_or(region);
  std::map<std::string, std::string> variables{
      {"PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
      {"HOME", "/tmp/home"},
      {"LANG", "C.UTF-8"},
      {"PYTHONUNBUFFERED", "1"},
      {"AWS_REGION", region},
      {"TRAINING_JOB_NAME", plan.job_name},
      {"TRAINING_JOB_ARN", "arn:aws:sagemaker:" + region + ":000000000000:training-job/" + plan.job_name}};
  for (const char* name : {"CUDA_VISIBLE_DEVICES", "LD_LIBRARY_PATH", "OMP_NUM_THREADS", "MKL_NUM_THREADS",
                           "OPENBLAS_NUM_THREADS", "TZ"}) {
    if (auto value = caller(name)) variables[name] = *std::move(value);
  }
  if (!plan.program.empty()) variables["SAGEMAKER_PROGRAM"] = plan.program;
  for (const auto& [name, value] : plan.environment) variables[name] = value;
  return variables;
}

SandboxSpec make_spec(const Rung& rung, const plan::JobPlan& plan, const JobFolder& folder,
                      const std::vector<Input>& inputs, const fs::path& entrypoint, const EnvironmentLookup& caller) {
  const auto memory =
      static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES)) * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  SandboxSpec spec{.isolation = rung.isolation,
                   .network = rung.network,
                   .read_only_system = plan.local.read_only_system || rung.isolation == Isolation::privileged,
                   .shared_memory_bytes = memory / 2,
                   .owner = sudo_user(),
                   .max_run_time = plan.max_run_time,
                   .stop_grace = plan.stop_grace,
                   .entrypoint = fs::absolute(entrypoint)};
  spec.binds.push_back({fs::absolute(plan.local.code), inside.code(), true});
  for (const Input& input : inputs) spec.binds.push_back({input.source, inside.input_data() / input.place(), true});
  for (const std::string& host : contract::host_names(plan.instance_count)) {
    HostSpec host_spec{host, folder.host(host), job_environment(plan, caller)};
    if (rung.isolation == Isolation::environment) {
      host_spec.environment["SAGEMAKER_BASE_DIR"] = paths_of(folder, host).base.string();
      host_spec.environment["TMPDIR"] = (folder.host(host) / "tmp").string();
      host_spec.environment["HOME"] = (folder.host(host) / "tmp/home").string();
    }
    spec.hosts.push_back(std::move(host_spec));
  }
  return spec;
}

}  // namespace smflow::engine
