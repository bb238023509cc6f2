#include "rung.hpp"

namespace smflow::engine {

std::vector<Rung> ladder(bool root, int hosts) {
  std::vector<Rung> rungs;
  const std::vector<Network> networks =
      hosts > 1 ? std::vector{Network::separate, Network::shared} : std::vector{Network::shared};
  for (const Network network : networks) {
    if (root) rungs.push_back({Isolation::privileged, network});
    // Root in a container may lack the privilege, and yet be allowed a user namespace.
    rungs.push_back({Isolation::user_namespace, network});
  }
  if (hosts == 1) rungs.push_back({Isolation::environment, Network::shared});
  return rungs;
}

std::string network_interface(const Rung& rung) {
  return rung.network == Network::separate ? "eth0" : "lo";
}

std::string warning(const Rung& rung, int hosts, const std::string& why) {
  if (rung.isolation == Isolation::environment) {
    return "this machine refuses namespaces (" + why +
           "): /opt/ml does not exist for the program, which finds its folders by the SM_* variables only";
  }
  if (hosts > 1 && rung.network == Network::shared) {
    return "this machine refuses network namespaces (" + why +
           "): the hosts share one network, so a port can be used by one of them only";
  }
  return {};
}

}  // namespace smflow::engine
