#pragma once

#include "rung.hpp"

#include <filesystem>

#include <smflow/engine/hosts.hpp>

namespace smflow::engine {

// Hosts that are processes of this machine, set apart as far as the machine allows.
class ProcessKind : public HostKind {
 public:
  // `entrypoint` is the program `train`; `environment` the caller's.
  ProcessKind(std::filesystem::path entrypoint, EnvironmentLookup environment)
      : entrypoint_(std::move(entrypoint)), environment_(std::move(environment)) {}

  // E100 entrypoint, E103 code folder.
  Result<void> check(const plan::JobPlan& plan, std::stop_token stop) const override;
  // E109 when this machine refuses every way.
  Result<StartedHosts> start(const JobOrder& order) override;

 private:
  std::map<std::string, std::string> job_environment(const plan::JobPlan& plan) const;
  SandboxSpec make_spec(const Rung& rung, const JobOrder& order) const;

  std::filesystem::path entrypoint_;
  EnvironmentLookup environment_;
};

}  // namespace smflow::engine
