#include "debugging.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

#include <smflow/base/files.hpp>
#include <smflow/base/text.hpp>
#include <smflow/contract/credentials.hpp>
#include <smflow/contract/debugging.hpp>
#include <smflow/engine/job_folder.hpp>

namespace smflow::engine {

namespace fs = std::filesystem;
namespace debugging = contract::debugging;

namespace {

constexpr std::size_t most_jobs = 5;
constexpr std::chrono::hours no_limit{24 * 365};

void remove_old_jobs(const fs::path& cores) {
  const std::vector<fs::path> jobs = folders_by_age(cores);
  for (std::size_t index = 0; index + most_jobs < jobs.size(); ++index) remove_tree(jobs[index]);
}

std::string field_of(const std::string& status, std::string_view name) {
  const std::size_t at = status.find("\n" + std::string(name));
  if (at == std::string::npos) return {};
  const std::size_t begin = at + 1 + name.size();
  return std::string(trim(std::string_view(status).substr(begin, status.find('\n', begin) - begin)));
}

std::vector<std::string> children_of(const std::string& process) {
  const auto children = read_file("/proc/" + process + "/task/" + process + "/children", 64 << 10);
  if (!children || trim(*children).empty()) return {};
  return split(trim(*children), ' ');
}

// Stopped by a signal counts too: a program waits like that for its debugger.
bool is_held(const std::string& process) {
  const auto status = read_file("/proc/" + process + "/status", 64 << 10);
  if (!status) return false;
  const std::string tracer = field_of(*status, "TracerPid:");
  return (!tracer.empty() && tracer != "0") || field_of(*status, "State:").starts_with("T");
}

}  // namespace

fs::path debug_folder(const fs::path& host_folder) {
  return host_folder / fs::path(debugging::folder).relative_path();
}

std::map<std::string, std::string> local_environment(const plan::LocalOptions& local, const std::string& host,
                                                     const fs::path& folder) {
  std::map<std::string, std::string> variables;
  if (local.keep_core) variables[debugging::core_folder_variable] = folder.string();
  if (local.aws_credentials) {
    variables[contract::credentials::fifo_variable] = (folder / contract::credentials::fifo_name).string();
  }
  if (local.debug) variables[debugging::debugged_host_variable] = local.debug->host;
  if (!local.debug || local.debug->host != host) return variables;
  variables[debugging::folder_variable] = folder.string();
  variables[debugging::mode_variable] = local.debug->debugpy ? debugging::mode_debugpy : debugging::mode_wait;
  return variables;
}

std::chrono::milliseconds time_limit(const plan::JobPlan& plan) {
  return plan.local.debug ? std::chrono::milliseconds(no_limit) : plan.max_run_time;
}

bool debugger_holds(pid_t entrypoint) {
  std::vector<std::string> processes = children_of(std::to_string(entrypoint));
  for (std::size_t at = 0; at < processes.size(); ++at) {
    if (is_held(processes[at])) return true;
    const std::vector<std::string> children = children_of(processes[at]);
    processes.insert(processes.end(), children.begin(), children.end());
  }
  return false;
}

void keep_core(const plan::JobPlan& plan, const RunningHost& host) {
  const fs::path left = debug_folder(host.folder);
  std::error_code failed;
  if (!fs::exists(left / debugging::core_file, failed)) return;
  const fs::path cores = plan.local.work_directory / cores_folder;
  fs::create_directories(cores / plan.job_name, failed);
  fs::rename(left, cores / plan.job_name / host.name, failed);
  remove_old_jobs(cores);
}

}  // namespace smflow::engine
