#include "session.hpp"

namespace smflow::cli {

void add_network_commands(CLI::App& app, Session& session) {
  add_doctor(app, session);
#ifdef SMFLOW_WITH_EMULATOR
  add_emulator(app, session);
#endif
}

}  // namespace smflow::cli
