#include "session.hpp"

namespace smflow::cli {

void add_network_commands(CLI::App& app, Session& session) {
  add_attach(app, session);
  add_board(app, session);
  add_build(app, session);
  add_check(app, session);
  add_logs(app, session);
  add_status(app, session);
  add_stop(app, session);
  add_wait(app, session);
  add_pull(app, session);
  add_doctor(app, session);
#ifdef SMFLOW_WITH_EMULATOR
  add_emulator(app, session);
#endif
}

}  // namespace smflow::cli
