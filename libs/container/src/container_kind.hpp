#pragma once

#include <smflow/container/container_engine.hpp>

namespace smflow::container {

// Hosts that are containers of the job's image.
class ContainerKind : public engine::HostKind {
 public:
  explicit ContainerKind(ContainerEngineOptions options) : options_(std::move(options)) {}

  Result<void> check(const plan::JobPlan& plan, std::stop_token stop) const override;
  Result<engine::StartedHosts> start(const engine::JobOrder& order) override;

 private:
  const ContainerEngineOptions options_;
};

}  // namespace smflow::container
