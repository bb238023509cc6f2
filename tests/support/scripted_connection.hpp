#pragma once

#include "support/scripted_server.hpp"

namespace smflow::test {

// Closes with RST instead of FIN.
void reset_socket(UniqueFd& socket);

// One connection of a scripted server, served by a thread of its own.
class ScriptedServer::Connection {
 public:
  Connection(ScriptedServer& server, UniqueFd socket, int number);
  ~Connection() { thread_.join(); }

  // Ends what the thread waits for.
  void wake();

 private:
  struct Head {
    RecordedRequest request;
    std::size_t body_size;
  };

  void serve();
  std::optional<Head> read_head();
  bool wait_for_body();
  bool read_body(std::size_t request, std::size_t bytes);
  bool play(const Rule& rule, std::size_t request);
  bool play(const Action& action, std::size_t request);
  bool receive();
  bool send_all(std::string_view bytes);
  void end(bool reset);

  ScriptedServer& server_;
  const int number_;
  std::mutex closing_;  // of `socket_`, against `wake`
  UniqueFd socket_;
  std::string buffer_;  // received and not used yet
  std::size_t body_left_ = 0;
  std::thread thread_;
};

}  // namespace smflow::test
