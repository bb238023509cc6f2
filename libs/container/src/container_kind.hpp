#pragma once

#include <smflow/container/container_engine.hpp>

namespace smflow::container {

// Hosts that are containers of the job's image.
class ContainerKind : public engine::HostKind {
 public:
  explicit ContainerKind(const ContainerEngineOptions& options)
      : docker_(options.docker),
        environment_(options.environment),
        login_(options.login),
        pull_progress_(options.pull_progress) {}

  Result<void> check(const plan::JobPlan& plan) const override;
  Result<engine::StartedHosts> start(const engine::JobOrder& order) override;

 private:
  Result<void> pull(const std::string& image) const;

  std::shared_ptr<const docker::Engine> docker_;
  EnvironmentLookup environment_;
  std::function<Result<docker::RegistryAuth>(const std::string& registry)> login_;
  docker::ProgressSink pull_progress_;
};

}  // namespace smflow::container
