#include "process_kind.hpp"

#include "host_folders.hpp"
#include "host_process.hpp"
#include "inputs.hpp"
#include "owner.hpp"
#include "sandbox.hpp"

#include <unistd.h>

#include <smflow/base/files.hpp>
#include <smflow/base/machine.hpp>
#include <smflow/contract/contract.hpp>
#include <smflow/contract/debugging.hpp>

namespace smflow::engine {

namespace fs = std::filesystem;

namespace {

const contract::Paths inside{};

std::string hosts_file(const JobOrder& order, Network network) {
  std::string text = "127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n";
  for (std::size_t index = 0; index < order.hosts.size(); ++index) {
    text += host_address(network, index) + " algo-" + std::to_string(index + 1) + "\n";
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

Result<void> link_binds(const plan::JobPlan& plan, const HostOrder& host) {
  std::vector<Bind> binds = host.inputs;
  binds.push_back({fs::absolute(plan.local.code), inside.code()});
  for (const Bind& bind : binds) {
    if (auto linked = link_instead(bind.source, on_this_machine(host.folder, bind.target)); !linked) return linked;
  }
  return {};
}

// What depends on how the job runs: /etc/hosts, resourceconfig.json and, without namespaces, links in the place of
// mounts.
Result<void> fit_to(const Rung& rung, const JobOrder& order) {
  if (auto written = write_resource_config(order, network_interface(rung)); !written) return written;
  for (const HostOrder& host : order.hosts) {
    if (auto written = write_text(host.folder / "hosts", hosts_file(order, rung.network)); !written) return written;
    if (auto written = write_text(host.folder / "hostname", host.name + "\n"); !written) return written;
    if (rung.isolation != Isolation::environment) continue;
    if (auto linked = link_binds(order.plan, host); !linked) return linked;
  }
  return {};
}

// Under sudo the program runs as the user who typed it, and must be able to write its folders.
void give_to_sudo_user(const fs::path& folder) {
  const auto owner = sudo_user();
  if (!owner) return;
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder, ignored)) {
    if (::lchown(entry.path().c_str(), owner->user, owner->group) != 0) return;
  }
  if (::lchown(folder.c_str(), owner->user, owner->group) != 0) return;
}

}  // namespace

Result<void> ProcessKind::check(const plan::JobPlan& plan, std::stop_token) const {
  if (!fs::is_regular_file(entrypoint_) || ::access(entrypoint_.c_str(), X_OK) != 0) {
    return tl::unexpected(
        Error{.code = "E100",
              .exit = ExitCode::machine,
              .message = "the entrypoint '" + entrypoint_.string() + "' is not there or not executable",
              .fix = "build it: ./quickstart.sh, or cmake --build --preset release"});
  }
  const auto& debug = plan.local.debug;
  if (debug && debug->debugpy && (plan.instance_count > 1 || plan.platform.network_isolation)) {
    return tl::unexpected(Error{
        .code = "E380",
        .exit = ExitCode::usage,
        .message = "--debugpy: hosts that are processes have a network of their own, which no editor reaches",
        .fix = "LOCAL.ENGINE: container; or one host without NETWORK_ISOLATION; or --debug, whose console needs no "
               "network"});
  }
  return check_code_folder(plan.local);
}

Result<StartedHosts> ProcessKind::start(const JobOrder& order) {
  const bool root = ::geteuid() == 0 && !sudo_user();
  const Wanted wanted{.hosts = order.plan.instance_count, .no_network = order.plan.platform.network_isolation};
  std::optional<Error> refused;
  for (const Rung& rung : ladder(root, wanted)) {
    if (auto fitted = fit_to(rung, order); !fitted) return tl::unexpected(fitted.error());
    give_to_sudo_user(order.folder);
    auto sandbox = Sandbox::start(make_spec(rung, order), order.lock);
    if (sandbox) return StartedHosts{*std::move(sandbox), warning(rung, wanted, refused ? refused->message : "")};
    if (!refused) refused = std::move(sandbox).error();
  }
  return tl::unexpected(*std::move(refused));
}

// Of the caller's own variables only a few that say what this machine is like: no credentials, no surprises.
std::map<std::string, std::string> ProcessKind::job_environment(const plan::JobPlan& plan) const {
  std::map<std::string, std::string> variables = platform_environment(plan, environment_);
  for (const char* name : {"CUDA_VISIBLE_DEVICES", "LD_LIBRARY_PATH", "OMP_NUM_THREADS", "MKL_NUM_THREADS",
                           "OPENBLAS_NUM_THREADS", "TZ"}) {
    if (auto value = environment_(name)) variables.emplace(name, *std::move(value));
  }
  variables.merge(
      std::map<std::string, std::string>{{"PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
                                         {"HOME", "/tmp/home"},
                                         {"LANG", "C.UTF-8"},
                                         {"PYTHONUNBUFFERED", "1"}});
  return variables;
}

SandboxSpec ProcessKind::make_spec(const Rung& rung, const JobOrder& order) const {
  const plan::JobPlan& plan = order.plan;
  SandboxSpec spec{.isolation = rung.isolation,
                   .network = rung.network,
                   .read_only_system = plan.local.read_only_system || rung.isolation == Isolation::privileged,
                   .shared_memory_bytes = machine_memory() / 2,
                   .owner = sudo_user(),
                   .max_run_time = time_limit(plan),
                   .stop_grace = plan.stop_grace,
                   .entrypoint = fs::absolute(entrypoint_)};
  for (const HostOrder& host : order.hosts) {
    HostSpec host_spec{.name = host.name,
                       .folder = host.folder,
                       .code = fs::absolute(plan.local.code),
                       .environment = job_environment(plan),
                       .binds = host.inputs};
    const bool apart = rung.isolation != Isolation::environment;
    const fs::path debugging = apart ? fs::path(contract::debugging::folder) : debug_folder(host.folder);
    host_spec.environment.merge(local_environment(plan.local, host.name, debugging));
    if (!apart) {
      host_spec.environment["SAGEMAKER_BASE_DIR"] = (host.folder / "ml").string();
      host_spec.environment["TMPDIR"] = (host.folder / "tmp").string();
      host_spec.environment["HOME"] = (host.folder / "tmp/home").string();
    }
    spec.hosts.push_back(std::move(host_spec));
  }
  return spec;
}

}  // namespace smflow::engine
