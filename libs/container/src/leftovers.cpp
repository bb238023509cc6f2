#include "leftovers.hpp"

#include "labels.hpp"

#include <filesystem>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <smflow/base/machine.hpp>
#include <smflow/base/unique_fd.hpp>

namespace smflow::container {

namespace fs = std::filesystem;

namespace {

// The lock of a job's folder is held as long as its launcher lives.
bool is_abandoned(const std::map<std::string, std::string>& labels) {
  const auto machine = labels.find(docker::machine_label);
  const auto folder = labels.find(folder_label);
  if (machine == labels.end() || folder == labels.end() || machine->second != host_name()) return false;
  const UniqueFd lock(::open((fs::path(folder->second) / ".lock").c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW));
  if (!lock) return errno == ENOENT || errno == ENOTDIR;
  return ::flock(lock.get(), LOCK_EX | LOCK_NB) == 0;
}

}  // namespace

std::map<std::string, std::string> labels_of(const engine::JobOrder& order) {
  return {
      {job_label, order.plan.job_name}, {folder_label, order.folder.string()}, {docker::machine_label, host_name()}};
}

Result<std::vector<std::string>> remove_leftovers(const docker::Engine& engine) {
  const docker::Containers containers(engine);
  const docker::Networks networks(engine);
  std::vector<std::string> removed;
  const auto made = containers.list({job_label});
  if (!made) return tl::unexpected(made.error());
  for (const docker::ContainerSummary& container : *made) {
    if (!is_abandoned(container.labels)) continue;
    if (auto gone = containers.remove(container.id); !gone) return tl::unexpected(gone.error());
    removed.push_back(container.shown_name());
  }
  const auto nets = networks.list(job_label);
  if (!nets) return tl::unexpected(nets.error());
  for (const docker::NetworkSummary& network : *nets) {
    if (!is_abandoned(network.labels)) continue;
    if (auto gone = networks.remove(network.name); !gone) return tl::unexpected(gone.error());
    removed.push_back(network.name);
  }
  const auto looks = docker::remove_abandoned_looks(engine);
  if (!looks) return tl::unexpected(looks.error());
  removed.insert(removed.end(), looks->begin(), looks->end());
  return removed;
}

}  // namespace smflow::container
