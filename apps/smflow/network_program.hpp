#pragma once

#include "session.hpp"

namespace smflow::cli {

// Does not come back: smflow becomes smflow-network with all its arguments.
int become_network_program(Session& session);

}  // namespace smflow::cli
