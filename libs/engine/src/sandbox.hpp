#pragma once

#include "sandbox_spec.hpp"

#include <memory>
#include <string>
#include <vector>

#include <sys/types.h>

#include <smflow/base/error.hpp>
#include <smflow/base/unique_fd.hpp>

namespace smflow::engine {

// The launcher's side of a running sandbox: its own process, its hosts and whatever they started live exactly as long
// as this object, also when the launcher is killed.
class Sandbox : public Hosts {
 public:
  // Returns when every host runs the entrypoint; E109 with the reason when this machine refuses. `lock` stays locked
  // until the last process of the sandbox is gone.
  static Result<std::unique_ptr<Sandbox>> start(const SandboxSpec& spec, const UniqueFd& lock);
  ~Sandbox() override;
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;

  int events_fd() const override { return status_.get(); }
  std::vector<HostEvent> read_events() override;
  std::vector<UniqueFd>& outputs() override { return outputs_; }
  // The program writes into the hosts' folders themselves.
  Result<void> refresh(const std::filesystem::path&) override { return {}; }
  void stop() override;
  void kill() override;

 private:
  Sandbox() = default;
  Result<void> spawn(const SandboxSpec& spec, const UniqueFd& lock);
  Result<void> wait_until_ready();
  void send(char wish) const;

  pid_t pid_ = -1;
  UniqueFd control_;
  UniqueFd status_;
  std::vector<UniqueFd> outputs_;
  std::string pending_;  // of a status line
};

}  // namespace smflow::engine
