#pragma once

#include <functional>
#include <memory>
#include <string>

#include <smflow/base/clock.hpp>
#include <smflow/base/error.hpp>
#include <smflow/board/board.hpp>

namespace smflow::board {

struct ServerOptions {
  int port = 0;                          // 0: any free one
  std::string token;                     // the first part of every path; who does not know it gets nothing
  std::function<Result<Board>()> board;  // asked at most once a second, by one thread at a time
  const Clock* clock = nullptr;          // lives longer than the server
};

// The live board on 127.0.0.1 and nowhere else. Answers GET below /<token>/ when the header Host names this very
// server, so that no page of another origin gets at it; everything else is 403, other methods are 405.
class Server {
 public:
  // E342 when the port cannot be had.
  static Result<std::unique_ptr<Server>> start(ServerOptions options);
  virtual ~Server() = default;
  virtual std::string url() const = 0;  // "http://127.0.0.1:41234/<token>/"
  // Answers until stop() is called, from any thread.
  virtual void serve() = 0;
  virtual void stop() = 0;
};

}  // namespace smflow::board
