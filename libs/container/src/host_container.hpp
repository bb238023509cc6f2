#pragma once

#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>

#include <smflow/base/unique_fd.hpp>
#include <smflow/docker/containers.hpp>
#include <smflow/engine/hosts.hpp>

namespace smflow::container {

// How a container has ended.
struct Ending {
  int exit_code = 0;
  bool out_of_memory = false;
};

// One host of a job as a container, which is removed with this object.
class HostContainer {
 public:
  // Makes the container, with what the host's folder has for /opt/ml in it; it does not run yet.
  static Result<HostContainer> make(const docker::Engine& engine, const docker::ContainerRequest& request,
                                    const std::filesystem::path& folder);
  ~HostContainer();
  HostContainer(HostContainer&& other) noexcept;
  HostContainer& operator=(HostContainer&&) = delete;

  // Puts a copy of LOCAL.CODE into /opt/ml/code, for the program to write beside itself, as on SageMaker.
  Result<void> copy_code(const plan::LocalOptions& local) const;
  Result<void> start() const;
  // Its first process, as this machine counts; 0 when there is none or the engine is another machine's.
  int process() const;
  void signal(const char* name) const { static_cast<void>(containers().signal(id_, name)); }
  // Copies the container's output to `output` until it ends; then tells how.
  Result<Ending> follow(const UniqueFd& output, const std::stop_token& cancel) const;
  // Puts the folder or file `path` (below /opt/ml) of the container into the host's folder, in the place of what is
  // there. Nothing happens when the container has none.
  Result<void> fetch(const std::filesystem::path& path) const;
  // When `path` was last written to in the container; nothing when there is none.
  Result<std::optional<WallTime>> changed(const std::filesystem::path& path) const {
    return containers().changed(id_, path.string());
  }
  // The same as fetch, unless nothing in it has changed since the last call.
  Result<void> fetch_if_changed(const std::filesystem::path& path);

 private:
  HostContainer(const docker::Engine& engine, std::string id, std::filesystem::path folder,
                const docker::ContainerRequest& request)
      : engine_(&engine),
        id_(std::move(id)),
        folder_(std::move(folder)),
        terminal_(request.terminal),
        has_gpus_(request.all_gpus) {}

  docker::Containers containers() const { return docker::Containers(*engine_); }
  Result<void> fill() const;
  Result<bool> changed_since(const std::filesystem::path& path, WallTime time) const;
  Result<bool> download(const std::filesystem::path& path, const std::filesystem::path& tar) const;

  const docker::Engine* engine_;
  std::string id_;
  std::filesystem::path folder_;
  bool terminal_;
  bool has_gpus_;
  std::map<std::filesystem::path, WallTime> fetched_ = {};  // when that began
};

}  // namespace smflow::container
