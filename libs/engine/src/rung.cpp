#include "rung.hpp"

namespace smflow::engine {

std::vector<Rung> ladder(bool root, const Wanted& wanted) {
  std::vector<Rung> rungs;
  const std::vector<Network> networks = wanted.hosts > 1 || wanted.no_network
                                            ? std::vector{Network::separate, Network::shared}
                                            : std::vector{Network::shared};
  for (const Network network : networks) {
    if (root) rungs.push_back({Isolation::privileged, network});
    // Root in a container may lack the privilege, and yet be allowed a user namespace.
    rungs.push_back({Isolation::user_namespace, network});
  }
  if (wanted.hosts == 1) rungs.push_back({Isolation::environment, Network::shared});
  return rungs;
}

std::string network_interface(const Rung& rung) {
  return rung.network == Network::separate ? "eth0" : "lo";
}

std::string warning(const Rung& rung, const Wanted& wanted, const std::string& why) {
  std::string text;
  if (rung.isolation == Isolation::environment) {
    text = "this machine refuses namespaces (" + why +
           "): /opt/ml does not exist for the program, which finds its folders by the SM_* variables only";
  } else if (wanted.hosts > 1 && rung.network == Network::shared) {
    text = "this machine refuses network namespaces (" + why +
           "): the hosts share one network, so a port can be used by one of them only";
  }
  if (wanted.no_network && rung.network == Network::shared) {
    text += (text.empty() ? "this machine refuses network namespaces (" + why + "): " : "; ") +
            std::string("NETWORK_ISOLATION is not kept, the program has this machine's network");
  }
  return text;
}

}  // namespace smflow::engine
