#pragma once

#include "sandbox_spec.hpp"

#include <string>
#include <vector>

namespace smflow::engine {

// One way to run a job on this machine.
struct Rung {
  Isolation isolation = Isolation::privileged;
  Network network = Network::shared;
};

// What a job asks for.
struct Wanted {
  int hosts = 1;
  bool no_network = false;  // but for the hosts among each other
};

// The ways worth trying, best first. Several hosts need namespaces: without them they could not reach each other by
// name.
std::vector<Rung> ladder(bool root, const Wanted& wanted);

// resourceconfig.json's network_interface_name.
std::string network_interface(const Rung& rung);

// What the user must know about a job that runs this way, when better ways were refused with `why`; empty when nothing
// was lost.
std::string warning(const Rung& rung, const Wanted& wanted, const std::string& why);

}  // namespace smflow::engine
