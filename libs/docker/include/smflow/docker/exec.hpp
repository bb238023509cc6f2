#pragma once

#include <string>
#include <vector>

#include <smflow/base/error.hpp>
#include <smflow/base/unique_fd.hpp>
#include <smflow/docker/engine.hpp>

namespace smflow::docker {

struct ExecRequest {
  std::vector<std::string> command;
  bool terminal = false;  // the command has one of its own
  std::vector<std::string> environment = {};
  std::string folder = {};  // to start in; empty: the image's
  bool privileged = false;  // all capabilities, whatever the container has
};

// One command that runs in a container beside its program (Docker Engine API, Exec). The engine outlives it. Errors as
// of Engine, and E388 for an engine that is not reached through a Unix socket.
class Exec {
 public:
  static Result<Exec> start(const Engine& engine, const std::string& container, const ExecRequest& request);

  // Bytes written are typed; bytes read are printed: as they are with a terminal, framed (LogFrames) without. Ends with
  // the command.
  int stream() const { return stream_.get(); }
  Result<void> resize(int rows, int columns) const;
  // Of a command that has ended.
  Result<int> exit_code() const;

 private:
  Exec(const Engine& engine, std::string id) : engine_(&engine), id_(std::move(id)) {}
  Result<void> connect(bool terminal);

  const Engine* engine_;
  std::string id_;
  UniqueFd stream_;
};

}  // namespace smflow::docker
