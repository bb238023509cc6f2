#include <cerrno>
#include <charconv>
#include <csignal>

#include <unistd.h>

#include <smflow/base/machine.hpp>
#include <smflow/docker/containers.hpp>
#include <smflow/docker/engine.hpp>

namespace smflow::docker {

namespace {

constexpr const char* look_label = "smflow.look";  // the process that looks

// Also when the number is another process's now; that one ends, too.
bool lives(const std::string& process) {
  pid_t number = 0;
  const char* const end = process.data() + process.size();
  const auto read = std::from_chars(process.data(), end, number);
  const bool is_number = read.ec == std::errc() && read.ptr == end && number > 0;
  return !is_number || ::kill(number, 0) == 0 || errno != ESRCH;
}

bool is_abandoned(const std::map<std::string, std::string>& labels) {
  const auto process = labels.find(look_label);
  const auto machine = labels.find(machine_label);
  if (process == labels.end() || machine == labels.end() || machine->second != host_name()) return false;
  return !lives(process->second);
}

}  // namespace

Result<std::optional<std::string>> Engine::tar_of(const std::string& image, const std::string& path) const {
  // The command is never run: a container is the only way into an image.
  const Containers containers(*this);
  const auto id = containers.create({.name = {},
                                     .image = image,
                                     .command = {"none"},
                                     .labels = {{look_label, std::to_string(::getpid())}, {machine_label, host_name()}},
                                     .network = "none"});
  if (!id) return tl::unexpected(id.error());
  std::string tar;
  const auto there = containers.copy_out(*id, path, [&](std::span<const std::byte> piece) -> Result<void> {
    tar.append(reinterpret_cast<const char*>(piece.data()), piece.size());
    return {};
  });
  if (const auto removed = containers.remove(*id); !removed) return tl::unexpected(removed.error());
  if (!there) return tl::unexpected(there.error());
  return *there ? std::optional(std::move(tar)) : std::nullopt;
}

Result<std::vector<std::string>> remove_abandoned_looks(const Engine& engine) {
  const Containers containers(engine);
  const auto made = containers.list({look_label});
  if (!made) return tl::unexpected(made.error());
  std::vector<std::string> removed;
  for (const ContainerSummary& container : *made) {
    if (!is_abandoned(container.labels)) continue;
    if (auto gone = containers.remove(container.id); !gone) return tl::unexpected(gone.error());
    removed.push_back(container.shown_name());
  }
  return removed;
}

}  // namespace smflow::docker
