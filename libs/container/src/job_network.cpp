#include "job_network.hpp"

#include <functional>
#include <utility>

#include <smflow/base/machine.hpp>

namespace smflow::container {

namespace {

// What the engine gives a network; more than some machines let out.
constexpr int usual_mtu = 1500;
constexpr int subnets = 256;
// The first is the bridge's.
constexpr std::size_t first_host = 2;

}  // namespace

Result<JobNetwork> JobNetwork::make(const docker::Engine& engine, const std::string& job_name,
                                    const std::map<std::string, std::string>& labels, bool isolated) {
  const docker::Networks networks(engine);
  const std::string name = "smflow-" + job_name;
  const int mtu = outgoing_mtu();
  // Jobs that start at the same time begin at different places.
  const int begin = static_cast<int>(std::hash<std::string>{}(job_name) % subnets);
  for (int tried = 0; tried < subnets; ++tried) {
    const std::string prefix = "10.213." + std::to_string((begin + tried) % subnets) + ".";
    const auto made = networks.create({.name = name,
                                       .subnet = prefix + "0/24",
                                       .mtu = mtu < usual_mtu ? mtu : 0,
                                       .internal = isolated,
                                       .labels = labels});
    if (!made) return tl::unexpected(made.error());
    if (*made) return JobNetwork(engine, name, prefix);
  }
  return tl::unexpected(Error{.code = "E122",
                              .exit = ExitCode::machine,
                              .message = "no network for the hosts of the job: 10.213.0.0/16 is taken",
                              .fix = "remove networks that nobody uses: docker network prune"});
}

std::string JobNetwork::address(std::size_t index) const {
  return prefix_ + std::to_string(index + first_host);
}

JobNetwork::JobNetwork(JobNetwork&& other) noexcept
    : engine_(std::exchange(other.engine_, nullptr)),
      name_(std::move(other.name_)),
      prefix_(std::move(other.prefix_)) {}

JobNetwork::~JobNetwork() {
  if (engine_ != nullptr) static_cast<void>(docker::Networks(*engine_).remove(name_));
}

}  // namespace smflow::container
