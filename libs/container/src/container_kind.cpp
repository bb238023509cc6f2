#include "container_kind.hpp"

#include "container_hosts.hpp"
#include "labels.hpp"
#include "leftovers.hpp"

#include <algorithm>
#include <set>
#include <thread>

#include <sys/resource.h>

#include <smflow/base/machine.hpp>
#include <smflow/contract/contract.hpp>
#include <smflow/contract/debugging.hpp>
#include <smflow/plan/instance_shape.hpp>

namespace smflow::container {

namespace {

const contract::Paths inside{};

plan::InstanceShape this_machine() {
  return {.cpus = static_cast<int>(std::max(1u, std::thread::hardware_concurrency())), .memory = machine_memory()};
}

// `wanted`, or less where this process itself may not have so much.
std::uint64_t allowed(decltype(RLIMIT_NOFILE) resource, std::uint64_t wanted) {
  rlimit limit{};
  return ::getrlimit(resource, &limit) == 0 ? std::min<std::uint64_t>(wanted, limit.rlim_max) : wanted;
}

// Plenty for the workers of a data loader, whatever the engine's default is: Podman asks for more than a machine may
// allow.
std::map<std::string, std::uint64_t> limits_here() {
  return {{"nofile", allowed(RLIMIT_NOFILE, 65536)}, {"nproc", allowed(RLIMIT_NPROC, 32768)}};
}

std::string shown(const plan::InstanceShape& shape) {
  return std::to_string(shape.cpus) + " CPUs and " + std::to_string(shape.memory >> 30) + " GiB";
}

// What every host of the job has in common.
docker::ContainerRequest request_for(const engine::JobOrder& order, const EnvironmentLookup& caller) {
  const plan::JobPlan& plan = order.plan;
  docker::ContainerRequest request{.name = {},
                                   .image = plan.image_uri,
                                   .command = {"train"},
                                   .environment = engine::platform_environment(plan, caller),
                                   .labels = labels_of(order),
                                   .limits = limits_here(),
                                   .all_gpus = plan.target == plan::Target::local_gpu};
  const plan::InstanceShape machine = this_machine();
  if (plan.local.shape) {
    request.cpus = std::min(plan.local.shape->cpus, machine.cpus);
    request.memory = std::min(plan.local.shape->memory, machine.memory);
  }
  request.shared_memory = std::max<std::uint64_t>(request.memory > 0 ? request.memory : machine.memory, 2) / 2;
  return request;
}

docker::ContainerRequest request_for(const engine::HostOrder& host, docker::ContainerRequest request,
                                     const plan::JobPlan& plan) {
  request.name = "smflow-" + plan.job_name + "-" + host.name;
  request.hostname = host.name;
  request.labels[host_label] = host.name;
  request.mounts.push_back({.source = host.folder / "ml/input", .target = inside.base / "input"});
  for (const engine::Bind& input : host.inputs) {
    request.mounts.push_back({.source = input.source, .target = input.target, .read_only = input.read_only});
  }
  request.mounts.push_back(
      {.source = engine::debug_folder(host.folder), .target = contract::debugging::folder, .read_only = false});
  request.environment.merge(engine::local_environment(plan.local, host.name, contract::debugging::folder));
  if (plan.local.debug && plan.local.debug->host == host.name) {
    request.terminal = true;
    if (plan.local.debug->debugpy) {
      request.environment[contract::debugging::address_variable] = "0.0.0.0";
      request.published.push_back(contract::debugging::debugpy_port);
    }
    // Where the kernel lets a process trace its own children only (kernel.yama.ptrace_scope).
    request.capabilities.push_back("SYS_PTRACE");
    // Where Dockerfile.sagemaker compiles, and where this machine does.
    for (const std::filesystem::path& place :
         std::set<std::filesystem::path>{contract::debugging::image_sources, plan.local.debug->sources}) {
      if (!place.empty()) request.mounts.push_back({.source = plan.local.debug->sources, .target = place});
    }
  }
  if (plan.local.code_is_given) request.own_folders.push_back(inside.code());
  return request;
}

std::string notice_for(const plan::JobPlan& plan) {
  const plan::InstanceShape machine = this_machine();
  const auto& shape = plan.local.shape;
  if (!shape || (shape->cpus <= machine.cpus && shape->memory <= machine.memory)) return {};
  return "LOCAL.SHAPE asks for " + shown(*shape) + " a host, and this machine has " + shown(machine);
}

}  // namespace

Result<void> ContainerKind::check(const plan::JobPlan& plan, std::stop_token stop) const {
  if (auto got = get_image(options_, plan, std::move(stop)); !got) return got;
  // Now, as a job of the same name locks the folder that they are known by.
  return remove_leftovers(*options_.docker).map([](const auto&) {});
}

Result<engine::StartedHosts> ContainerKind::start(const engine::JobOrder& order) {
  const plan::JobPlan& plan = order.plan;
  if (auto written = engine::write_resource_config(order, "eth0"); !written) return tl::unexpected(written.error());
  ContainerHosts::Parts parts{.network = {},
                              .containers = {},
                              .leaves = {inside.model(), inside.output()},
                              .max_run_time = engine::time_limit(plan),
                              .stop_grace = plan.stop_grace};
  if (plan.checkpoint) parts.leaves.emplace_back(plan.checkpoint->local_path);
  docker::ContainerRequest common = request_for(order, options_.environment);
  if (order.hosts.size() > 1 || plan.platform.network_isolation) {
    auto network = JobNetwork::make(*options_.docker, plan.job_name, common.labels, plan.platform.network_isolation);
    if (!network) return tl::unexpected(std::move(network).error());
    parts.network.emplace(*std::move(network));
    common.network = parts.network->name();
    for (std::size_t index = 0; index < order.hosts.size(); ++index) {
      common.hosts["algo-" + std::to_string(index + 1)] = parts.network->address(index);
    }
  }
  for (const engine::HostOrder& host : order.hosts) {
    docker::ContainerRequest request = request_for(host, common, plan);
    if (parts.network) request.address = common.hosts.at(host.name);
    auto container = HostContainer::make(*options_.docker, request, host.folder);
    if (!container) return tl::unexpected(std::move(container).error());
    if (plan.local.code_is_given) {
      if (auto copied = container->copy_code(plan.local); !copied) return tl::unexpected(std::move(copied).error());
    }
    parts.containers.push_back(*std::move(container));
  }
  auto hosts = ContainerHosts::start(std::move(parts));
  if (!hosts) return tl::unexpected(std::move(hosts).error());
  return engine::StartedHosts{*std::move(hosts), notice_for(plan)};
}

}  // namespace smflow::container
